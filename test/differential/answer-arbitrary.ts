import fc from 'fast-check'
import type { Answer } from './program'

const text = fc.constantFrom('', 'x', 'hello', 'snöw', 'long '.repeat(500))

const handMade: fc.Arbitrary<Answer> = fc
  .record({
    status: fc.oneof(
      { withCrossShrink: true },
      { weight: 6, arbitrary: fc.constant(200) },
      { weight: 4, arbitrary: fc.constantFrom(201, 204, 302, 304, 404, 500) },
    ),
    headers: fc.subarray<[string, string]>([
      ['Location', '/app/next'],
      ['Content-Type', 'text/plain; charset=utf-8'],
      ['Set-Cookie', 'theme=dark; Path=/'],
      ['X-Powered-By', 'night'],
      ['Connection', 'keep-alive'],
    ]),
    head: fc.oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: fc.constant<Answer['head']>('implicit') },
      {
        weight: 3,
        arbitrary: fc.constantFrom<Answer['head'][]>(
          'flushHeaders',
          'writeHead',
          'writeHead object',
          'writeHead array',
        ),
      },
    ),
    writes: fc.oneof(
      { withCrossShrink: true },
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
    ),
    last: text,
    hasLast: fc.boolean(),
    encoding: fc.constantFrom<Answer['encoding'][]>('string', 'latin1', 'buffer'),
    contentLength: fc.boolean(),
  })
  .map(({ last, hasLast, ...answer }) => ({
    ...answer,
    ...(hasLast && { last }),
    contentLength: answer.contentLength && answer.status !== 204 && answer.status !== 304,
  }))

/** The forms in which an app may answer. */
export const answerArbitrary: fc.Arbitrary<Answer> = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: handMade },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        handMade,
        fc.constantFrom<NonNullable<Answer['express']>[]>('send', 'json', 'redirect', 'sendStatus'),
      )
      .map(([answer, express]) => ({ ...answer, express })),
  },
)
