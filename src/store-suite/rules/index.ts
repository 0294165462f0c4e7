import type { Rule } from '../rule'
import { answers } from './answers'
import { compareAndSet } from './compare-and-set'
import { expiry } from './expiry'
import { ids } from './ids'
import { isolation } from './isolation'
import { overall } from './overall'
import { records } from './records'
import { touch } from './touch'

/** All rules for session stores, the most basic first. */
export const rules: readonly Rule[] = [
  ...records,
  ...ids,
  ...isolation,
  ...answers,
  ...touch,
  ...expiry,
  ...overall,
  ...compareAndSet,
]
