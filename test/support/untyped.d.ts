declare module 'express-session' {
  import session = require('sessionware')
  export = session
}

declare module 'express4' {
  import express = require('express')
  export = express
}
