import { describe, expect, it, vi } from 'vitest'
import { holdResponse } from '../../../src/response/hold-response'
import type { Commit } from '../../../src/types'
import { codeOf } from '../../support/code-of'
import { createHeldResponse as held, turns } from '../../support/held-response'

const fault = new Error('down')

describe('holdResponse', () => {
  it('sends nothing before the commit is done, while headersSent is true', async () => {
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
    ['there is no commit', () => undefined],
    ['the commit finishes at once', () => (done) => done()],
  ])('ends the response at once when %s', async (_what, onEnd) => {
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
    ['text with an encoding', ['c3a9', 'hex'], '\u00c3\u00a9'],
    ['bytes', [Buffer.from('é')], '\u00c3\u00a9'],
    ['a Uint8Array and a callback', [new Uint8Array([65]), () => {}], 'A'],
  ])('sends an end with %s like Node', async (_what, args, body) => {
    const { res, wire, commit } = held()
    Reflect.apply(res.end, res, args)
    commit()
    await turns()
    const [head = '', sent] = wire().split('\r\n\r\n')
    expect([sent, head.match(/Content-Length: (\d+)/i)?.[1]]).toEqual([body, String(body.length)])
  })

  it("throws Node's error for an invalid end, and commits at the next one", async () => {
    const { res, wire, onEnd, commit } = held()
    expect(codeOf(() => res.end({} as never))).toBe('ERR_INVALID_ARG_TYPE')
    expect(codeOf(() => res.end('x', 'utf-7' as never))).toBe('ERR_UNKNOWN_ENCODING')
    expect(onEnd).not.toHaveBeenCalled()
    res.end('right')
    commit()
    await turns()
    expect(wire()).toMatch(/right$/)
  })

  it("throws Node's error for an invalid status, and commits at the next end", async () => {
    const { res, wire, commit } = held()
    res.statusCode = 1000
    expect(codeOf(() => res.end('body'))).toBe('ERR_HTTP_INVALID_STATUS_CODE')
    res.statusCode = 500
    res.end('body')
    commit()
    await turns()
    expect(wire()).toMatch(/^HTTP\/1.1 500 [\s\S]*body$/)
  })

  it('commits once, and treats a second end like Node', async () => {
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

  it('does not add a write after the end to the body', async () => {
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

  it("throws Node's error for an invalid write after the end", () => {
    const { res } = held()
    res.end('body')
    expect(codeOf(() => res.write({} as never))).toBe('ERR_INVALID_ARG_TYPE')
  })

  it('passes an error of the commit to next before it sends the response', async () => {
    const seen: string[] = []
    const { res, wire, commit } = held({ next: () => seen.push(wire()) })
    res.end('body')
    commit(fault)
    await turns(5)
    expect(seen).toEqual([''])
    expect(wire()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*body$/)
  })

  it('sends the first response when an error handler ends it again', async () => {
    const { res, wire, onEnd, commit } = held({ next: () => res.end('sorry') })
    res.on('error', () => {})
    res.end('body')
    commit(fault)
    await turns(5)
    expect(wire()).toMatch(/\r\n\r\nbody$/)
    expect(onEnd).toHaveBeenCalledTimes(1)
  })

  it('lets an error handler close the connection before any byte is sent', async () => {
    const { res, wire, commit } = held({ next: () => res.destroy() })
    res.end('body')
    commit(fault)
    await turns(5)
    expect(wire()).toBe('')
  })

  it('lets an error handler send another response when onEnd throws', async () => {
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
    ['with a commit', undefined],
    ['without a commit', () => undefined],
  ])('passes an error of onHeaders to next once, %s, and sends the response', async (_what, onEnd) => {
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

  it('calls onHeaders once, just before the headers are final', async () => {
    const onHeaders = vi.fn(() => void res.setHeader('X-Last', 'yes'))
    const { res, wire, commit } = held({ onHeaders })
    res.writeHead(201, { 'X-First': 'yes' })
    res.end()
    commit()
    await turns()
    expect(wire()).toMatch(/^HTTP\/1.1 201 [\s\S]*X-Last: yes\r\n/)
    expect(onHeaders).toHaveBeenCalledTimes(1)
  })

  it('calls onEarly for a streaming body, whose end is not in the tick of its first write', async () => {
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

  it('calls onEarly when the client disconnects before the end', async () => {
    const open = held()
    open.res.emit('close')
    const ended = held({ onEnd: () => undefined })
    ended.res.end()
    await turns()
    ended.res.emit('close')
    expect([open.onEarly.mock.calls.length, ended.onEarly.mock.calls.length]).toEqual([1, 0])
  })

  it('does not change the empty response object of an upgrade', () => {
    const res = {}
    holdResponse(res as never, held().hooks)
    expect(res).toEqual({})
  })
})
