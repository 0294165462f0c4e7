const net = require('node:net')

// Loaded with `node --require` before a block of the documentation: each server listens on a free port of 127.0.0.1,
// whatever port the block names, and the parent process is told which one.
const { listen } = net.Server.prototype

net.Server.prototype.listen = function listenOnFreePort(...args) {
  this.once('listening', () => process.send(this.address().port))
  return listen.call(this, 0, '127.0.0.1', ...args.filter((each) => typeof each === 'function'))
}
