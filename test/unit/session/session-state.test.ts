import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { idStateOf, setIdState } from '../../../src/session/session-state'
import { IdState } from '../../../src/store-guard/id-state'

const [first, second] = [new IdState('a'), new IdState('a')]

describe('setIdState', () => {
  it('sets the state of an object, and replaces it', () => {
    const session = {}
    expect(idStateOf(session)).toBeUndefined()
    setIdState(session, first)
    expect(idStateOf(session)).toBe(first)
    setIdState(session, second)
    expect(idStateOf(session)).toBe(second)
  })

  it('adds nothing that the application can see', () => {
    const session = { user: 'ada' }
    setIdState(session, first)
    expect(Reflect.ownKeys(session)).toEqual(['user'])
    expect(inspect(session, { showHidden: true })).toBe("{ user: 'ada' }")
  })

  it('gives no state to a copy or a proxy', () => {
    const session = { user: 'ada' }
    setIdState(session, first)
    expect([idStateOf({ ...session }), idStateOf(new Proxy(session, {}))]).toEqual([undefined, undefined])
  })
})
