/** The modules that the test file of connect-redis imports and the package does not contain. */
declare module 'vitest' {
  export function test(title: string, work: () => unknown): void
  export function expect(value: unknown): Matchers
  type Compare = (expected: unknown) => void
  interface Matchers {
    toBe: Compare
    toBeDefined: () => void
    toBeGreaterThan: Compare
    toBeGreaterThanOrEqual: Compare
    toBeLessThanOrEqual: Compare
    toEqual: Compare
  }
}

declare module '*/testdata/server' {
  export const port: string
  export function connect(): Promise<void>
  export function disconnect(): Promise<void>
}
