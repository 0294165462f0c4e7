const assert = require('node:assert/strict')
const session = require('sessionware')

const classes = { cookie: 'Cookie', memory: 'MemoryStore', session: 'Session', store: 'Store' }

for (const [file, name] of Object.entries(classes)) {
  assert.equal(require(`sessionware/session/${file}`), session[name])
  assert.equal(require(`sessionware/session/${file}.js`), session[name])
}
for (const path of ['index', 'index.js']) assert.equal(require(`sessionware/${path}`), require('sessionware'))
console.log('works')
