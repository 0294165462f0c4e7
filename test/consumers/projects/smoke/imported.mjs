import assert from 'node:assert/strict'
import express from 'express'
import session, { MemoryStore, Store } from 'sessionware'
import * as testing from 'sessionware/testing'
import visitApp from './visit-app.cjs'

assert.equal(MemoryStore, session.MemoryStore)
assert.equal(Store, session.Store)
visitApp({ express, session, testing })
