import { OutgoingMessage, type ServerResponse } from 'node:http'

/** The head of a response (status line and headers), and how its bytes wait. HTTP/1 and HTTP/2 differ in it. */
export interface ResponseHead {
  /** Called when the headers are about to be built: from now on the bytes of the response wait. */
  cork(): void
  /** Sends the bytes that wait, and no longer keeps any back. */
  uncork(): void
  /**
   * Called when `end` was called with these arguments: from now on the head reads as sent, nothing is sent, and writes
   * are ignored. `end` is the function that will be called later. `mayBuild` says whether the head can be built now, and
   * will not be taken back. Throws if the head cannot be built.
   */
  freeze(args: EndArguments, end: unknown, mayBuild: boolean): void
  /** Called before `end` is passed on. Throws if the head cannot be built. */
  thaw(): void
  /**
   * Called instead of `thaw` if another response must be made: takes the built head back. Returns false if a part of this
   * response was sent.
   */
  takeBack(): boolean
  /** Ends the connection, or the stream of HTTP/2, without the end of the response. What was written is sent before. */
  cut(): void
  /** Tells the client that the connection ends with this response, unless its head was sent already. */
  closeConnection(): void
}

/** Where a head reports errors that its caller cannot get. */
export interface ErrorReporter {
  /** Passes an error to `next` after the response. */
  report(err: unknown): void
  /** Passes an error to `next` instead of the response. */
  replace(err: unknown): void
}

/** The arguments of a response's `end`. */
export type EndArguments = [chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void]

const nodeHeadersSent = Object.getOwnPropertyDescriptor(OutgoingMessage.prototype, 'headersSent')
  ?.get as () => boolean

/** Returns whether the head is built. Asks Node, since frameworks define a `headersSent` of their own on a response. */
export function isHeadBuilt(res: ServerResponse): boolean {
  const { stream, headersSent } = res as { stream?: { headersSent?: boolean }; headersSent: boolean }
  if (res instanceof OutgoingMessage) return nodeHeadersSent.call(res)
  return Boolean(stream?.headersSent ?? headersSent)
}

/** Returns whether the client has disconnected. Node's HTTP/2 response has no `destroyed`. */
export function isGone(res: ServerResponse): boolean {
  return Boolean(res.destroyed || (res as { stream?: { destroyed?: boolean } }).stream?.destroyed)
}
