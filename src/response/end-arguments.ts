import { types } from 'node:util'

/** What `end` of a response may be given. */
export type EndArguments = [chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void]

/** Whether Node will take the chunk and its encoding. */
export function isSendable([chunk, encoding]: EndArguments): boolean {
  if (typeof chunk === 'string') return typeof encoding !== 'string' || Buffer.isEncoding(encoding)
  return chunk === undefined || chunk === null || typeof chunk === 'function' || types.isUint8Array(chunk)
}

/** What an end leaves behind that comes too late: its callback. */
export function withoutChunk(args: EndArguments): EndArguments {
  return args.filter((arg) => typeof arg === 'function') as EndArguments
}
