import type { BSON } from 'mongodb'

type Doc = BSON.Document
type Documents = Map<unknown, Doc>

const GREETING = { isWritablePrimary: true, ismaster: true, minWireVersion: 0, maxWireVersion: 21 }
const LIMITS = { maxBsonObjectSize: 2 ** 24, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 }

/** Supports the commands that connect-mongo sends; answers any other with the error of mongod for unknown commands. */
export class MongoDatabase {
  readonly #collections = new Map<string, Documents>()
  /** The TTL indexes: for each collection, the field with the expiry of a document. */
  readonly #ttl = new Map<string, string>()

  run(command: Doc): Doc {
    const [name = ''] = Object.keys(command)
    switch (name) {
      case 'hello':
      case 'ismaster':
      case 'isMaster':
        return { ok: 1, ...GREETING, ...LIMITS, localTime: new Date() }
      case 'ping':
      case 'endSessions':
        return { ok: 1 }
      case 'createIndexes':
        return this.#createIndexes(command)
      case 'find':
        return cursor(command.find, select(this.#documents(command.find), command.filter, command.limit))
      case 'aggregate':
        return this.#count(command)
      case 'update':
        return this.#update(command)
      case 'delete':
        return this.#delete(command)
      case 'drop':
        return { ok: Number(this.#collections.delete(command.drop)) }
      default:
        return { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: `no such command: '${name}'` }
    }
  }

  #createIndexes({ createIndexes: name, indexes }: Doc): Doc {
    for (const { key, expireAfterSeconds } of indexes) {
      if (expireAfterSeconds === 0) this.#ttl.set(name, Object.keys(key)[0] ?? '')
    }
    return { ok: 1, numIndexesBefore: 1, numIndexesAfter: 2 }
  }

  /** countDocuments() is sent as a $match and a $group. */
  #count({ aggregate: name, pipeline }: Doc): Doc {
    const n = select(this.#documents(name), pipeline[0]?.$match ?? {}).length
    return cursor(name, n === 0 ? [] : [{ _id: 1, n }])
  }

  #update({ update: name, updates }: Doc): Doc {
    const documents = this.#documents(name)
    const upserted: Doc[] = []
    let n = 0
    for (const [index, { q, u, upsert }] of (updates as Doc[]).entries()) {
      const [found] = select(documents, q, 1)
      if (found) Object.assign(found, u.$set)
      else if (upsert) upserted.push({ index, _id: insert(documents, { ...q, ...u.$set }) })
      else continue
      n++
    }
    return { ok: 1, n, nModified: n - upserted.length, ...(upserted.length > 0 && { upserted }) }
  }

  #delete({ delete: name, deletes }: Doc): Doc {
    const documents = this.#documents(name)
    const gone = (deletes as Doc[]).flatMap(({ q, limit }) => select(documents, q, limit))
    for (const { _id } of gone) documents.delete(_id)
    return { ok: 1, n: gone.length }
  }

  /** Returns the documents that have not expired. A mongod removes expired ones once a minute, this server at once. */
  #documents(name: string): Documents {
    const documents = this.#collections.get(name) ?? new Map()
    this.#collections.set(name, documents)
    const field = this.#ttl.get(name)
    for (const [id, document] of documents) {
      if (field !== undefined && document[field] < new Date()) documents.delete(id)
    }
    return documents
  }
}

function cursor(collection: string, firstBatch: Doc[]): Doc {
  return { ok: 1, cursor: { id: 0n, ns: `test.${collection}`, firstBatch } }
}

function insert(documents: Documents, document: Doc): unknown {
  documents.set(document._id, document)
  return document._id
}

function select(documents: Documents, filter: Doc, limit = 0): Doc[] {
  const found = [...documents.values()].filter((document) => matches(document, filter))
  return limit > 0 ? found.slice(0, limit) : found
}

function matches(document: Doc, filter: Doc): boolean {
  return Object.entries(filter).every(([field, condition]) =>
    field === '$or'
      ? condition.some((branch: Doc) => matches(document, branch))
      : holds(document[field], condition),
  )
}

function holds(value: unknown, condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition
  return Object.entries(condition).every(([operator, operand]) => {
    if (operator === '$exists') return (value !== undefined) === operand
    if (operator === '$gt') return (value as Date) > operand
    throw new Error(`this test server does not support the query operator ${operator}`)
  })
}
