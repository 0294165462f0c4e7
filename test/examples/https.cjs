// Loaded before an example: its server speaks HTTPS, with the certificate of the tests.

const http = require('node:http')
const https = require('node:https')
require('tsx/cjs')
const { certificate } = require('../clients/certificate')

http.createServer = (...args) => https.createServer(certificate, ...args)
