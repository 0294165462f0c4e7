import { generateId } from '../../session/generate-id'
import type { Rule } from '../rule'
import type { Trial } from '../trial'

/** Ids are 32 letters, digits, `-` and `_`, unless an application makes its own. */
export const ids: Rule[] = [
  {
    title: 'keeps ids apart that differ only in case',
    check: (trial) => keepApart(trial, (id) => [`${id}a`, `${id}A`]),
  },
  {
    title: 'takes no property of an object for a record',
    async check(trial) {
      const names = ['__proto__', 'constructor', 'toString']
      for (const name of names) await trial.expectNone(name)
      for (const name of names) await trial.set(name, { name })
      for (const name of names) await trial.expectData(name, { name })
    },
  },
  {
    title: 'keeps ids with quotes and other signs',
    check: (trial) => keepApart(trial, (id) => [`it's "${id}" %s; --`, `its ${id}`]),
  },
  {
    title: 'keeps ids with slashes',
    check: (trial) => keepApart(trial, (id) => [`a/../${id}`, `a\\${id}`, id]),
  },
  {
    title: 'keeps ids of any script',
    check: (trial) => keepApart(trial, (id) => [`имя-名前-🦊-${id}`, `имя-名前-🐺-${id}`]),
  },
  {
    title: 'keeps ids of 128 characters',
    check: (trial) => keepApart(trial, (id) => [`${id.repeat(16)}`, `${id.repeat(16).slice(0, -1)}.`]),
  },
]

async function keepApart(trial: Trial, variants: (id: string) => string[]): Promise<void> {
  // Short, so that a column made for the usual ids is no reason to fail.
  const ids = variants(generateId().slice(0, 8))
  for (const [number, id] of ids.entries()) await trial.set(id, { number })
  for (const [number, id] of ids.entries()) await trial.expectData(id, { number })
}
