const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['curl/', 'curl'],
]

const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
]

/** Returns a name for the device of a User-Agent header, such as "Firefox on Windows". It is a hint, not a proof. */
exports.deviceOf = (userAgent = '') => {
  const browser = find(BROWSERS, userAgent) ?? 'Unknown browser'
  const system = find(SYSTEMS, userAgent)
  return system ? `${browser} on ${system}` : browser
}

// The first match counts: Edge and Opera also say that they are Chrome, and Chrome that it is Safari.
const find = (names, userAgent) => names.find(([token]) => userAgent.includes(token))?.[1]
