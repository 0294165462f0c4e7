const { existsSync, readdirSync } = require('node:fs')
const { basename, dirname, join, resolve } = require('node:path')

// `npm start` in the folder of an example runs the script of the repository, whose INIT_CWD is that folder.
const { INIT_CWD = '.' } = process.env
const here = dirname(resolve(INIT_CWD)) === __dirname ? basename(INIT_CWD) : 'login'
const name = process.argv[2] ?? here

if (!existsSync(join(__dirname, name, 'index.js'))) {
  const names = readdirSync(__dirname).filter((each) => existsSync(join(__dirname, each, 'index.js')))
  console.error(`There is no example "${name}". npm start with one of these: ${names.join(', ')}`)
  process.exit(1)
}
require(`./${name}`)
