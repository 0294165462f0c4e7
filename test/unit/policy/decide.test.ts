import { describe, expect, it } from 'vitest'
import {
  type Action,
  type Change,
  decideAction,
  type Facts,
  mustSetCookie,
  type Rules,
} from '../../../src/policy/decide'

type Case = Omit<Facts, 'change'> & Change & Rules & { hasExpiry: boolean }
type Row<Outcome> = [outcome: Outcome, when: Partial<Case>]

const NAMES: (keyof Case)[] = [
  'hasId',
  'hasSession',
  'isSentId',
  'isModified',
  'isLifetimeChanged',
  'wasSaved',
  'isSaved',
  'isDestroyed',
  'isTouchDue',
  'hasExpiry',
  'saveUninitialized',
  'rolling',
  'destroyOnUnset',
]

/** The first row whose conditions all hold gives the outcome. */
const ACTIONS: Row<Action>[] = [
  // shouldDestroy: unset 'destroy', and an id, and no session
  ['destroy', { destroyOnUnset: true, hasId: true, hasSession: false }],
  ['nothing', { hasSession: false }],
  ['nothing', { hasId: false }],
  ['nothing', { isDestroyed: true }],
  // shouldSave: a new session that was never saved is saved if it changed; any other one if it has unsaved changes
  ['save', { saveUninitialized: false, wasSaved: false, isSentId: false, isModified: true }],
  ['nothing', { saveUninitialized: false, wasSaved: false, isSentId: false }],
  ['save', { isSaved: false }],
  // shouldTouch: the id that the browser sent, nothing to save, and touchAfter is over
  ['touch', { isSentId: true, isTouchDue: true }],
  ['nothing', {}],
]

const COOKIES: Row<boolean>[] = [
  [false, { hasSession: false }],
  [false, { hasId: false }],
  [false, { isDestroyed: true }],
  // shouldSetCookie: an id that the browser did not send
  [true, { isSentId: false, saveUninitialized: true }],
  [true, { isSentId: false, isModified: true }],
  [false, { isSentId: false }],
  // shouldSetCookie: an id that the browser sent, whose expiry changes
  [true, { rolling: true, isTouchDue: true }],
  [true, { hasExpiry: true, isModified: true }],
  [true, { isLifetimeChanged: true }],
  [false, {}],
]

const cases = Array.from({ length: 2 ** NAMES.length }, (_, bits) => {
  return Object.fromEntries(
    NAMES.map((name, index) => [name, Boolean(bits & (1 << index))]),
  ) as unknown as Case
})

describe('decideAction', () => {
  it('follows the table for every combination of facts and rules', () => {
    expect(cases.filter((each) => act(each) !== look(ACTIONS, each))).toEqual([])
  })

  it.each(ACTIONS)('has a case in which the result is %s because of %j', (_action, when) => {
    expect(cases.some((each) => rowFor(ACTIONS, each)?.[1] === when)).toBe(true)
  })

  it('writes nothing for a destroyed id, whatever else is true', () => {
    const actions = cases.filter(({ isDestroyed, hasSession }) => isDestroyed && hasSession).map(act)
    expect(new Set(actions)).toEqual(new Set(['nothing']))
  })
})

describe('mustSetCookie', () => {
  it('follows the table for every combination of facts and rules', () => {
    expect(cases.filter((each) => setsCookie(each) !== look(COOKIES, each))).toEqual([])
  })

  it.each(COOKIES)('has a case in which the result is %s because of %j', (_answer, when) => {
    expect(cases.some((each) => rowFor(COOKIES, each)?.[1] === when)).toBe(true)
  })

  it('never gives the browser a new id for which nothing is saved', () => {
    const isNew = ({ isSentId, wasSaved, isSaved }: Case) => !isSentId && !wasSaved && !isSaved
    const unsaved = cases.filter((each) => isNew(each) && setsCookie(each) && act(each) !== 'save')
    expect(unsaved).toEqual([])
  })
})

function act(each: Case) {
  return decideAction({ ...each, change: each }, each)
}

function setsCookie(each: Case) {
  return mustSetCookie({ ...each, change: each }, each, each.hasExpiry)
}

function look<Outcome>(table: Row<Outcome>[], each: Case) {
  return rowFor(table, each)?.[0]
}

function rowFor<Outcome>(table: Row<Outcome>[], each: Case) {
  return table.find(([, when]) => NAMES.every((name) => !(name in when) || when[name] === each[name]))
}
