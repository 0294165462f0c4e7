const visitApp = require('./visit-app.cjs')

visitApp({
  express: require('express'),
  session: require('sessionware'),
  testing: require('sessionware/testing'),
})
