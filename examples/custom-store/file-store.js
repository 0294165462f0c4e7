const { createHash, randomUUID } = require('node:crypto')
const { mkdir, readFile, rename, rm, stat, utimes, writeFile } = require('node:fs/promises')
const { join } = require('node:path')
const { Store } = require('sessionware')

/**
 * Stores each session in a JSON file. The modification time of the file is the time when the session ends.
 * This class does not remove expired files. A cron job can: `find sessions -type f ! -newermt now -delete`.
 */
module.exports = class FileStore extends Store {
  constructor(folder) {
    super()
    this.folder = folder
  }

  // Rejects with ENOENT if there is no file. The middleware takes this error as "no session".
  async get(sid) {
    const file = this.fileOf(sid)
    const { mtime } = await stat(file)
    return mtime > new Date() ? JSON.parse(await readFile(file, 'utf8')) : undefined
  }

  async set(sid, session) {
    const json = JSON.stringify(session) // Before the first await, because the session may change afterwards.
    const draft = join(this.folder, randomUUID())
    await mkdir(this.folder, { recursive: true })
    await writeFile(draft, json)
    await utimes(draft, new Date(), endOf(session))
    await rename(draft, this.fileOf(sid)) // Atomic: a reader gets the old record or the new one.
  }

  async touch(sid, session) {
    await utimes(this.fileOf(sid), new Date(), endOf(session)).catch(ignoreMissing)
  }

  async destroy(sid) {
    await rm(this.fileOf(sid), { force: true })
  }

  // A hash, because an id may contain characters that are not allowed in a file name.
  fileOf(sid) {
    return join(this.folder, `${createHash('sha256').update(sid).digest('hex')}.json`)
  }
}

const endOf = ({ cookie }) => cookie.expires ?? new Date('9999-12-31')

const ignoreMissing = (error) => {
  if (error.code !== 'ENOENT') throw error
}
