import type { RequestHandler } from 'express'

declare function visitTwice(middleware: RequestHandler): Promise<void>

export = visitTwice
