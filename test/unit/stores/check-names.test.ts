import { expect, it } from 'vitest'
import { checkNames } from '../../../src/stores/check-names'

const check = (options: object) => () =>
  checkNames('SomeStore', options, ['client', 'prefix'], { ids: 'use all()' })

it.each<[options: object, message: string]>([
  [{ prefixx: 'a' }, 'SomeStore has no option "prefixx": did you mean prefix?'],
  [{ PREFIX: 'a' }, 'SomeStore has no option "PREFIX": did you mean prefix?'],
  [{ prefix: 'a', host: 'b' }, 'SomeStore has no option "host": the options are client, prefix'],
  [{ ids: true }, 'SomeStore has no option "ids": use all()'],
])('refuses an option that does not exist: %o', (options, message) => {
  expect(check(options)).toThrow(new TypeError(message))
})

it.each([{}, { prefix: 'a' }, { client: {}, host: undefined }])('takes %o', (options) => {
  expect(check(options)).not.toThrow()
})
