import type { Rule } from '../rule'
import { answers } from './answers'
import { expiry } from './expiry'
import { ids } from './ids'
import { isolation } from './isolation'
import { overall } from './overall'
import { records } from './records'
import { touch } from './touch'
import { update } from './update'

/** All rules for session stores, the most basic first. */
export const rules: readonly Rule[] = [
  ...records,
  ...ids,
  ...isolation,
  ...answers,
  ...touch,
  ...expiry,
  ...overall,
  ...update,
]
