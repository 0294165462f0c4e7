import session = require('sessionware')
import Cookie = require('sessionware/session/cookie')
import MemoryStore = require('sessionware/session/memory.js')
import Session = require('sessionware/session/session')
import Store = require('sessionware/session/store.js')

export const store: session.Store = new MemoryStore()
export const isSame: typeof session.Store = Store
export const isSession = (value: unknown): value is session.Session => value instanceof Session
export const cookie: session.Cookie = new Cookie()
