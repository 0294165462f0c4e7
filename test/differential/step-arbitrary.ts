import fc from 'fast-check'
import type { Step } from './program'

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

/** One step of a script; what an app does most comes most often. */
export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('set' as const), key, value }) },
  { weight: 3, arbitrary: plain('look') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set the same' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('push' as const), key: fc.constant('list') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('maxAge' as const), ms: fc.constantFrom(null, 800, 90_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('expires' as const), in: fc.constantFrom(900, 60_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('httpOnly' as const), value: fc.boolean() }) },
  { weight: 2, arbitrary: plain('save', 'save twice', 'save without callback') },
  { weight: 2, arbitrary: plain('touch', 'resetMaxAge') },
  { weight: 2, arbitrary: plain('reload') },
  { weight: 1, arbitrary: plain('regenerate') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('regenerate and set' as const), key, value }) },
  { weight: 1, arbitrary: plain('destroy') },
  { weight: 1, arbitrary: plain('assign null', 'delete session') },
)

type PlainStep =
  Extract<Step, { do: unknown }> extends infer S
    ? S extends { do: infer D }
      ? keyof S extends 'do'
        ? D
        : never
      : never
    : never

function plain(...names: PlainStep[]): fc.Arbitrary<Step> {
  return fc.constantFrom(...names).map((name) => ({ do: name }))
}
