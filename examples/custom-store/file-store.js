const { createHash, randomUUID } = require('node:crypto')
const { mkdir, readFile, rename, rm, stat, utimes, writeFile } = require('node:fs/promises')
const { join } = require('node:path')
const { Store } = require('sessionware')

/**
 * Keeps each session in a JSON file whose modification time is the moment when the session ends.
 * What has ended is swept from outside: `find sessions -type f ! -newermt now -delete`.
 */
module.exports = class FileStore extends Store {
  constructor(folder) {
    super()
    this.folder = folder
  }

  // Of a missing file this rejects with ENOENT, and so a store may say that it has no such session.
  async get(sid) {
    const file = this.fileOf(sid)
    const { mtime } = await stat(file)
    return mtime > new Date() ? JSON.parse(await readFile(file, 'utf8')) : undefined
  }

  async set(sid, session) {
    const json = JSON.stringify(session) // Before anything is awaited: the session goes on changing.
    const draft = join(this.folder, randomUUID())
    await mkdir(this.folder, { recursive: true })
    await writeFile(draft, json)
    await utimes(draft, new Date(), endOf(session))
    await rename(draft, this.fileOf(sid)) // Whoever reads now gets the old record or the new one.
  }

  async touch(sid, session) {
    await utimes(this.fileOf(sid), new Date(), endOf(session)).catch(ignoreMissing)
  }

  async destroy(sid) {
    await rm(this.fileOf(sid), { force: true })
  }

  // An id may be any text, and the name of a file may not.
  fileOf(sid) {
    return join(this.folder, `${createHash('sha256').update(sid).digest('hex')}.json`)
  }
}

const endOf = ({ cookie }) => cookie.expires ?? new Date('9999-12-31')

const ignoreMissing = (error) => {
  if (error.code !== 'ENOENT') throw error
}
