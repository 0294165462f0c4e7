import { once } from 'node:events'
import net from 'node:net'
import { BSON } from 'mongodb'
import { MongoDatabase } from './mongo-database'

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER = 16
const CHECKSUM_PRESENT = 1

/** A server with the part of MongoDB's wire protocol that the driver needs: OP_MSG, and OP_QUERY for the handshake. */
export async function startMongoServer() {
  const database = new MongoDatabase()
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    socket.on('error', () => socket.destroy())
    readMessages(socket, (message) => socket.write(reply(message, database)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function readMessages(socket: net.Socket, onMessage: (message: Buffer) => void) {
  let pending = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= HEADER && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0)
      onMessage(pending.subarray(0, length))
      pending = pending.subarray(length)
    }
  })
}

function reply(message: Buffer, database: MongoDatabase): Buffer {
  const isQuery = message.readInt32LE(12) === OP_QUERY
  const answer = BSON.serialize(answerTo(isQuery ? readQuery(message) : readMsg(message), database))
  // OP_REPLY: flags, cursor id (8 bytes), starting from, one document. OP_MSG: flags, section kind 0.
  const preamble = Buffer.alloc(isQuery ? 20 : 5)
  if (isQuery) preamble.writeInt32LE(1, 16)
  const header = Buffer.alloc(HEADER)
  header.writeInt32LE(HEADER + preamble.length + answer.length, 0)
  header.writeInt32LE(message.readInt32LE(4), 8)
  header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12)
  return Buffer.concat([header, preamble, answer])
}

function answerTo(command: BSON.Document, database: MongoDatabase): BSON.Document {
  try {
    return database.run(command)
  } catch (err) {
    return { ok: 0, code: 2, codeName: 'BadValue', errmsg: (err as Error).message }
  }
}

/** OP_QUERY: flags, collection name, skip, limit, then the command. */
function readQuery(message: Buffer): BSON.Document {
  const nameEnd = message.indexOf(0, HEADER + 4)
  return BSON.deserialize(message.subarray(nameEnd + 9))
}

/** OP_MSG: flags, then sections: kind 0 is the command, kind 1 a named list of documents. */
function readMsg(message: Buffer): BSON.Document {
  let command: BSON.Document = {}
  const end = message.length - (message.readUInt32LE(HEADER) & CHECKSUM_PRESENT ? 4 : 0)
  for (let at = HEADER + 4; at < end; ) {
    const kind = message[at]
    const size = message.readInt32LE(at + 1)
    const section = message.subarray(at + 1, at + 1 + size)
    command = { ...command, ...(kind === 0 ? BSON.deserialize(section) : readList(section)) }
    at += 1 + size
  }
  return command
}

function readList(section: Buffer): BSON.Document {
  const nameEnd = section.indexOf(0, 4)
  const documents: BSON.Document[] = []
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at)) {
    documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at))))
  }
  return { [section.toString('utf8', 4, nameEnd)]: documents }
}
