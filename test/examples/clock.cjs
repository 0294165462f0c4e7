// Loaded before an example: a message of its parent process sets the clock of the example forward.

const RealDate = Date
let offset = 0

globalThis.Date = class TestDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(TestDate.now())
    else super(...args)
  }

  static now() {
    return RealDate.now() + offset
  }
}

process.on('message', (ms) => {
  offset += ms
  process.send('done')
})
// The channel does not keep the process alive, and its end does not end it.
process.channel?.unref()
