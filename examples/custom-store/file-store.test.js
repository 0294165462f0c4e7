const { mkdtemp, rm } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { describe, it } = require('node:test')
const { storeSuite } = require('sessionware/store-suite')
const FileStore = require('./file-store')

storeSuite({
  describe,
  it,
  name: 'FileStore',
  create: async () => new FileStore(await mkdtemp(join(tmpdir(), 'file-store-'))),
  close: (store) => rm(store.folder, { recursive: true }),
  abilities: ['touch', 'expiry'],
  precision: 50,
})
