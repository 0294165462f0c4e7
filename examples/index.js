const { existsSync, readdirSync } = require('node:fs')
const { basename, dirname, join, resolve } = require('node:path')

// `npm start` in the folder of an example runs the script of the repository, whose INIT_CWD is that folder.
const { INIT_CWD = '.' } = process.env
const here = dirname(resolve(INIT_CWD)) === __dirname ? basename(INIT_CWD) : 'login'
const name = process.argv[2] ?? here
const main = mainOf(name)

if (existsSync(join(__dirname, name, 'package.json'))) {
  exit(`"${name}" needs packages of its own: run npm install and npm start in examples/${name}`)
}
if (!main) {
  exit(
    `There is no example "${name}". npm start with one of these: ${readdirSync(__dirname).filter(mainOf).join(', ')}`,
  )
}
// For the example in TypeScript.
if (main.endsWith('.ts')) require('tsx/cjs')
require(`./${name}/${main}`)

function mainOf(name) {
  return ['index.js', 'index.ts'].find((file) => existsSync(join(__dirname, name, file)))
}

function exit(message) {
  console.error(message)
  process.exit(1)
}
