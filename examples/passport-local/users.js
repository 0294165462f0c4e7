const { randomBytes, scrypt, timingSafeEqual } = require('node:crypto')
const { promisify } = require('node:util')

const derive = promisify(scrypt)

/** Returns users with names and passwords, in place of a database. */
exports.createUsers = async (passwords) => {
  const users = new Map()
  for (const [name, password] of Object.entries(passwords))
    users.set(name, { name, ...(await hash(password)) })
  const nobody = await hash(randomBytes(16))

  return {
    find: async (name) => users.get(name),
    /** Resolves to the user, or undefined. Takes as long for an unknown name as for a wrong password. */
    async check(name, password) {
      const { salt, key } = users.get(name) ?? nobody
      const isCorrect = timingSafeEqual(key, await derive(password, salt, 32))
      return isCorrect ? users.get(name) : undefined
    },
  }
}

async function hash(password) {
  const salt = randomBytes(16)
  return { salt, key: await derive(password, salt, 32) }
}
