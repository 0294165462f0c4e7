import { describe, expect, it, vi } from 'vitest'
import { holdResponse } from '../../../src/response/hold-response'
import type { Commit } from '../../../src/types'
import { codeOf } from '../../support/code-of'
import { createHeldResponse as held, turns } from '../../support/held-response'

const fault = new Error('down')

describe('holdResponse', () => {
  it('lets nothing leave before the commit is done, though the head reads as sent', async () => {
    const { res, wire, commit } = held()
    res.end('body')
    await turns()
    expect([wire(), res.headersSent, res.writableEnded]).toEqual(['', true, true])
    expect(codeOf(() => res.setHeader('X-Late', '1'))).toBe('ERR_HTTP_HEADERS_SENT')
    commit()
    await turns()
    expect(wire()).toContain('Content-Length: 4\r\n')
    expect(wire()).toMatch(/\r\n\r\nbody$/)
  })

  it.each<[string, () => Commit | undefined]>([
    ['nothing is to be done', () => undefined],
    ['the commit is done at once', () => (done) => done()],
  ])('ends the response at once where %s', async (_what, onEnd) => {
    const { res, wire, next } = held({ onEnd })
    const ended = vi.fn()
    expect(res.end('body', 'utf8', ended)).toBe(res)
    await turns()
    expect(wire()).toMatch(/\r\n\r\nbody$/)
    expect([ended.mock.calls.length, next.mock.calls.length]).toEqual([1, 0])
  })

  it.each<[string, unknown[], string]>([
    ['nothing', [], ''],
    ['a callback alone', [() => {}], ''],
    ['null', [null], ''],
    ['text', ['é'], '\u00c3\u00a9'],
    ['text of an encoding', ['c3a9', 'hex'], '\u00c3\u00a9'],
    ['bytes', [Buffer.from('é')], '\u00c3\u00a9'],
    ['a Uint8Array and a callback', [new Uint8Array([65]), () => {}], 'A'],
  ])('sends an end with %s as Node does', async (_what, args, body) => {
    const { res, wire, commit } = held()
    Reflect.apply(res.end, res, args)
    commit()
    await turns()
    const [head = '', sent] = wire().split('\r\n\r\n')
    expect([sent, head.match(/Content-Length: (\d+)/i)?.[1]]).toEqual([body, String(body.length)])
  })

  it('leaves it to Node to refuse an end that cannot be sent, and commits the next one', async () => {
    const { res, wire, onEnd, commit } = held()
    expect(codeOf(() => res.end({} as never))).toBe('ERR_INVALID_ARG_TYPE')
    expect(codeOf(() => res.end('x', 'utf-7' as never))).toBe('ERR_UNKNOWN_ENCODING')
    expect(onEnd).not.toHaveBeenCalled()
    res.end('right')
    commit()
    await turns()
    expect(wire()).toMatch(/right$/)
  })

  it('throws as Node does for a head that cannot be sent, and commits the next one', async () => {
    const { res, wire, commit } = held()
    res.statusCode = 1000
    expect(codeOf(() => res.end('body'))).toBe('ERR_HTTP_INVALID_STATUS_CODE')
    res.statusCode = 500
    res.end('body')
    commit()
    await turns()
    expect(wire()).toMatch(/^HTTP\/1.1 500 [\s\S]*body$/)
  })

  it('commits once, and answers a second end as Node does after the first', async () => {
    const { res, wire, onEnd, commit } = held()
    const second = vi.fn()
    res.on('error', () => {})
    res.end('first')
    expect(res.end('second', second)).toBe(res)
    commit()
    await turns()
    expect(wire()).toMatch(/first$/)
    expect(onEnd).toHaveBeenCalledTimes(1)
    expect(second.mock.calls[0]?.[0]).toMatchObject({ code: expect.stringMatching(/^ERR_STREAM_/) })
  })

  it('lets no write after the end get into the body', async () => {
    const { res, wire, commit } = held()
    const [onError, onWritten] = [vi.fn(), vi.fn()]
    res.on('error', onError)
    res.end('body')
    expect(res.write('late', onWritten)).toBe(false)
    commit()
    expect(res.write('too late')).toBe(false)
    await turns()
    expect(wire()).toMatch(/\r\n\r\nbody$/)
    for (const told of [onError, onWritten]) {
      expect(told.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' })
    }
  })

  it('leaves it to Node to refuse a write after the end that cannot be sent', () => {
    const { res } = held()
    res.end('body')
    expect(codeOf(() => res.write({} as never))).toBe('ERR_INVALID_ARG_TYPE')
  })

  it('tells the error of a commit before the bytes leave, and then sends them', async () => {
    const seen: string[] = []
    const { res, wire, commit } = held({ next: () => seen.push(wire()) })
    res.end('body')
    commit(fault)
    await turns(5)
    expect(seen).toEqual([''])
    expect(wire()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*body$/)
  })

  it('keeps the response where an error handler ends it once more', async () => {
    const { res, wire, onEnd, commit } = held({ next: () => res.end('sorry') })
    res.on('error', () => {})
    res.end('body')
    commit(fault)
    await turns(5)
    expect(wire()).toMatch(/\r\n\r\nbody$/)
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('lets an error handler cut the connection before a byte of the response', async () => {
    const { res, wire, commit } = held({ next: () => res.destroy() })
    res.end('body')
    commit(fault)
    await turns(5)
    expect(wire()).toBe('')
  })

  it('lets another response be made where a commit throws before it began', async () => {
    const { res, wire, next } = held({
      onEnd: () => {
        throw fault
      },
      next: () => {
        res.statusCode = 500
        res.end('sorry')
      },
    })
    expect(res.end('body')).toBe(res)
    await turns(3)
    expect(next.mock.calls).toEqual([[fault]])
    expect(wire()).toMatch(/^HTTP\/1.1 500 [\s\S]*\r\n\r\nsorry$/)
  })

  it.each<[string, (() => undefined) | undefined]>([
    ['with the commit', undefined],
    ['where nothing is to be done', () => undefined],
  ])('tells next once of a fault with the headers, %s, and sends the response', async (_what, onEnd) => {
    const onHeaders = () => {
      throw fault
    }
    const { res, wire, next, commit } = held(onEnd ? { onHeaders, onEnd } : { onHeaders })
    res.end('body')
    if (!onEnd) commit()
    await turns(5)
    expect(next.mock.calls).toEqual([[fault]])
    expect(wire()).toMatch(/\r\n\r\nbody$/)
  })

  it('asks for headers once, at the last moment to set one', async () => {
    const onHeaders = vi.fn(() => void res.setHeader('X-Last', 'yes'))
    const { res, wire, commit } = held({ onHeaders })
    res.writeHead(201, { 'X-First': 'yes' })
    res.end()
    commit()
    await turns()
    expect(wire()).toMatch(/^HTTP\/1.1 201 [\s\S]*X-Last: yes\r\n/)
    expect(onHeaders).toHaveBeenCalledTimes(1)
  })

  it('asks for an early commit where the body streams: the end is not in the same tick', async () => {
    const { res, onEarly, commit } = held()
    res.write('part')
    expect(onEarly).not.toHaveBeenCalled()
    await turns()
    expect(onEarly).toHaveBeenCalledTimes(1)
    res.end()
    commit()
    const other = held()
    other.res.write('part')
    other.res.end()
    await turns()
    expect(other.onEarly).not.toHaveBeenCalled()
  })

  it('asks for one where the client left before the end', async () => {
    const open = held()
    open.res.emit('close')
    const ended = held({ onEnd: () => undefined })
    ended.res.end()
    await turns()
    ended.res.emit('close')
    expect([open.onEarly.mock.calls.length, ended.onEarly.mock.calls.length]).toEqual([1, 0])
  })

  it('leaves the response of an upgrade alone, which is none', () => {
    const res = {}
    holdResponse(res as never, held().hooks)
    expect(res).toEqual({})
  })
})
