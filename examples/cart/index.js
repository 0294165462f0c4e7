const { randomBytes } = require('node:crypto')
const { setTimeout: wait } = require('node:timers/promises')
const express = require('express')
const session = require('sessionware')
const { stylesheet } = require('../page')
const views = require('./views')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

const goods = new Map([
  ['tea', { name: 'Tea', price: 4 }],
  ['cup', { name: 'Cup', price: 9 }],
  ['pot', { name: 'Pot', price: 25 }],
])
const countries = new Map([
  ['GB', { name: 'Great Britain', postage: 3 }],
  ['FR', { name: 'France', postage: 7 }],
  ['JP', { name: 'Japan', postage: 15 }],
])

const app = express()

app.use(stylesheet, express.urlencoded({ extended: false }))
// The recommended settings have saveMode: 'merge': a request saves only the keys that it has changed.
app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid' })))

app.get('/', (req, res) => {
  const { cart = {}, country, orders = 0 } = req.session
  res.set('Cache-Control', 'no-store').send(views.shop({ goods, countries, cart, country, orders }))
})

// The new quantity depends on the stored one, which another tab may change at the same time.
app.post('/cart', async (req, res) => {
  const { item, change } = req.body ?? {}
  if (!goods.has(item)) return res.status(400).send(views.message('There is no such item'))
  await session.updateSession(req, (draft) => {
    const quantity = (draft.cart?.[item] ?? 0) + (change === 'remove' ? -1 : 1)
    draft.cart = { ...draft.cart, [item]: Math.max(quantity, 0) }
  })
  res.redirect(303, '/')
})

// A slow request with a key of its own: what other tabs put into the cart meanwhile is not lost.
app.post('/country', async (req, res) => {
  const country = countries.get(req.body?.country)
  if (!country) return res.status(400).send(views.message('We do not send to this country'))
  await wait(Number(process.env.DELAY ?? 1000)) // Asks the post for its price.
  req.session.country = { name: country.name, postage: country.postage }
  res.redirect(303, '/')
})

// The order and the empty cart are one change, so that two clicks do not order twice.
app.post('/order', async (req, res) => {
  const cart = await session.updateSession(req, (draft) => {
    const { cart = {} } = draft
    const isEmpty = Object.values(cart).every((quantity) => quantity === 0)
    if (isEmpty) return undefined
    draft.cart = {}
    draft.orders = (draft.orders ?? 0) + 1
    return cart
  })
  if (!cart) return res.status(409).send(views.message('The cart is empty'))
  res.redirect(303, '/')
})

const server = app.listen(PORT, HOST, (error) => {
  if (error) throw error
  console.log(`Open this page in two tabs: http://${HOST}:${server.address().port}`)
})
