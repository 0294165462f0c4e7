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
    expect([wire(), res.headersSent, res.writableEnded, res.finished]).toEqual(['', true, false, false])
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

  it('ignores writes after the end, without an error event, and calls back with the error', async () => {
    const { res, wire, commit } = held()
    const [onError, onWritten] = [vi.fn(), vi.fn()]
    res.on('error', onError)
    res.end('body')
    expect([res.write('late', onWritten), res.write({} as never)]).toEqual([true, true])
    commit()
    expect(res.write('too late', onWritten)).toBe(true)
    await turns()
    expect(wire()).toMatch(/\r\n\r\nbody$/)
    expect(onError).not.toHaveBeenCalled()
    const late = expect.objectContaining({ code: 'ERR_STREAM_WRITE_AFTER_END' })
    expect(onWritten.mock.calls).toEqual([[late], [late]])
  })

  it('passes an error of the commit to next after it has sent the response', async () => {
    const seen: string[] = []
    const { res, wire, commit } = held({ next: () => seen.push(wire()) })
    res.end('body')
    commit(fault)
    await turns(5)
    expect(seen).toEqual([wire()])
    expect(wire()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*Connection: close\r\n[\s\S]*body$/)
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

  it('calls onStream for a streaming body, whose end is not in the tick of its first write', async () => {
    const { res, onStream, commit } = held()
    res.write('part')
    expect(onStream).not.toHaveBeenCalled()
    await turns()
    expect(onStream).toHaveBeenCalledTimes(1)
    res.end()
    commit()
    const other = held()
    other.res.write('part')
    other.res.end()
    await turns()
    expect(other.onStream).not.toHaveBeenCalled()
  })

  it('sends a streaming body after onStream if onHeaders asks for it, else at once', async () => {
    const waiting = held({ onHeaders: () => true })
    waiting.res.write('part')
    await turns()
    expect(waiting.wire()).toBe('')
    waiting.onStream.mock.calls[0]?.[0]()
    expect(waiting.wire()).toMatch(/part/)
    const free = held({ onHeaders: () => false })
    free.res.write('part')
    await turns()
    expect(free.wire()).toMatch(/part/)
  })

  it('does not call onStream if the headers could not be built', async () => {
    const { res, onStream, wire, commit } = held({ onHeaders: () => true })
    expect(codeOf(() => res.writeHead(1000))).toBe('ERR_HTTP_INVALID_STATUS_CODE')
    await turns()
    expect(onStream).not.toHaveBeenCalled()
    res.statusCode = 500
    res.end('body')
    commit()
    await turns()
    expect(wire()).toMatch(/body$/)
  })

  it('calls onDisconnect when the client disconnects between the headers and the end', async () => {
    const early = held()
    early.res.emit('close')
    const open = held()
    open.res.write('part')
    await turns()
    open.res.emit('close')
    const ended = held({ onEnd: () => undefined })
    ended.res.end()
    await turns()
    ended.res.emit('close')
    expect([early, open, ended].map(({ onDisconnect }) => onDisconnect.mock.calls.length)).toEqual([0, 1, 0])
  })

  it('does not change the empty response object of an upgrade', () => {
    const res = {}
    holdResponse(res as never, held().hooks)
    expect(res).toEqual({})
  })
})
