import type { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import upstream from 'express-session'
import type { SessionData } from '../../../src/types'
import type { StoreAnswer, StoreCall } from './record-server'

type Callback = (err: unknown, value?: unknown) => void

/** A store for both libraries whose records are in the process that runs the record server. */
export class PlainStore extends (upstream.Store as unknown as new () => EventEmitter) {
  private readonly socket: Socket
  private readonly waiting = new Map<number, (answer: StoreAnswer) => void>()
  private calls = 0

  constructor() {
    super()
    this.socket = connect(Number(process.env.RECORD_SERVER_PORT), '127.0.0.1').setNoDelay().unref()
    createInterface(this.socket).on('line', (line) => {
      const answer: StoreAnswer = JSON.parse(line)
      this.waiting.get(answer.number)?.(answer)
      this.waiting.delete(answer.number)
    })
  }

  get(sid: string, callback: Callback) {
    this.ask({ method: 'get', sid }, ({ text }) => callback(null, text && this.give(text)))
  }

  set(sid: string, session: SessionData, callback: Callback) {
    this.ask({ method: 'set', sid, text: JSON.stringify(session) }, () => callback(null))
  }

  destroy(sid: string, callback: Callback) {
    this.ask({ method: 'destroy', sid }, () => callback(null))
  }

  protected give(text: string): object {
    return JSON.parse(text)
  }

  protected ask(message: Omit<StoreCall, 'number'>, callback: (answer: StoreAnswer) => void) {
    const number = this.calls++
    this.waiting.set(number, callback)
    this.socket.write(`${JSON.stringify({ number, ...message })}\n`)
  }
}

export const openStore = () => new PlainStore()
