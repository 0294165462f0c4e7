import fc from 'fast-check'
import type { PlainStep, Step } from './program'

const key = fc.constantFrom('user', 'list', 'n', '7', '☃')
const value = fc.constantFrom<unknown[]>(
  'ada',
  'bob',
  0,
  1,
  null,
  true,
  [],
  [1],
  { a: { b: 1 } },
  'snow ☃ \u2028',
)

/** Generates one step of a script; steps that are common in apps come most often. */
export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: step('set', { key, value }) },
  { weight: 3, arbitrary: plain('look') },
  { weight: 2, arbitrary: step('set the same', { key }) },
  { weight: 2, arbitrary: step('delete', { key }) },
  { weight: 1, arbitrary: step('push', { key: fc.constant('list') }) },
  { weight: 2, arbitrary: step('maxAge', { ms: fc.constantFrom(null, 800, 90_000) }) },
  { weight: 1, arbitrary: step('expires', { in: fc.constantFrom(900, 60_000) }) },
  { weight: 1, arbitrary: step('httpOnly', { value: fc.boolean() }) },
  { weight: 2, arbitrary: plain('save', 'save twice', 'save without callback') },
  { weight: 2, arbitrary: plain('touch', 'resetMaxAge') },
  { weight: 2, arbitrary: plain('reload') },
  { weight: 1, arbitrary: plain('regenerate') },
  { weight: 2, arbitrary: step('regenerate and set', { key, value }) },
  { weight: 1, arbitrary: plain('destroy') },
  { weight: 1, arbitrary: plain('assign null', 'delete session') },
)

function step<Name extends string, Details extends object>(
  name: Name,
  details: { [K in keyof Details]: fc.Arbitrary<Details[K]> },
) {
  return fc.record(details).map((chosen) => ({ do: name, ...chosen }))
}

function plain(...names: PlainStep[]): fc.Arbitrary<Step> {
  return fc.constantFrom(...names).map((name) => ({ do: name }))
}
