import { generateId } from '../../session/generate-id'
import type { Rule } from '../rule'
import type { Trial } from '../trial'

/** Rules about ids. By default they are 32 letters, digits, `-` and `_`, but an application may generate others. */
export const ids: Rule[] = [
  {
    title: 'distinguishes ids that differ only in case',
    check: (trial) => keepApart(trial, (id) => [`${id}a`, `${id}A`]),
  },
  {
    title: 'treats __proto__, constructor and toString as ordinary ids',
    async check(trial) {
      const names = ['__proto__', 'constructor', 'toString']
      for (const name of names) await trial.expectNone(name)
      for (const name of names) await trial.set(name, { name })
      for (const name of names) await trial.expectData(name, { name })
    },
  },
  {
    title: 'accepts ids with quotes, spaces and punctuation',
    check: (trial) => keepApart(trial, (id) => [`it's "${id}" %s; --`, `its ${id}`]),
  },
  {
    title: 'accepts ids with slashes',
    check: (trial) => keepApart(trial, (id) => [`a/../${id}`, `a\\${id}`, id]),
  },
  {
    title: 'accepts ids in any language',
    check: (trial) => keepApart(trial, (id) => [`имя-名前-🦊-${id}`, `имя-名前-🐺-${id}`]),
  },
  {
    title: 'accepts ids of 128 characters',
    check: (trial) => keepApart(trial, (id) => [`${id.repeat(16)}`, `${id.repeat(16).slice(0, -1)}.`]),
  },
]

async function keepApart(trial: Trial, variants: (id: string) => string[]): Promise<void> {
  // Short, so that a database column for ids of the default length is wide enough.
  const ids = variants(generateId().slice(0, 8))
  for (const [number, id] of ids.entries()) await trial.set(id, { number })
  for (const [number, id] of ids.entries()) await trial.expectData(id, { number })
}
