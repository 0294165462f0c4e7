import type { CookieOptions, SessionOptions } from 'sessionware'

type AnyKeys<T> = { [Key in keyof T]-?: 0 extends 1 & T[Key] ? Key : never }[keyof T]

export const isExact: [AnyKeys<SessionOptions>, AnyKeys<CookieOptions>] extends [never, never]
  ? true
  : false = true
