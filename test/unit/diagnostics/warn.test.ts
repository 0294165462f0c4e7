import { afterEach, describe, expect, it, vi } from 'vitest'
import { warn } from '../../../src/diagnostics/warn'

describe('warn', () => {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})

  afterEach(() => {
    emit.mockClear()
  })

  it('warns once for each message, with its code', () => {
    warn('SESSIONWARE_NAME', 'one')
    warn('SESSIONWARE_NAME', 'two')
    warn('SESSIONWARE_NAME', 'one')
    expect(emit.mock.calls).toEqual([
      ['one', { code: 'SESSIONWARE_NAME' }],
      ['two', { code: 'SESSIONWARE_NAME' }],
    ])
  })
})
