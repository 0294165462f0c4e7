// Loaded before an example: ends it when its server listens and it has printed its address.

const { Server } = require('node:net')

const { listen } = Server.prototype

Server.prototype.listen = function listenOnce(...args) {
  this.once('listening', () => setImmediate(() => process.exit(0)))
  return listen.apply(this, args)
}
