const Module = require('node:module')

/** Gives each `session()` of an example the option `diagnostics`, and prints what it tells, advice included. */
const load = Module._load
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest)
  if (request !== 'sessionware') return loaded
  const diagnostics = ({ code, message }) => process.stderr.write(`[told] ${code}: ${message}\n`)
  return new Proxy(loaded, {
    apply: (session, self, [options]) => Reflect.apply(session, self, [{ diagnostics, ...options }]),
  })
}
