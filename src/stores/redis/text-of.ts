import { ReturnsItsArgument } from '../../session/returns-its-argument'

/**
 * The text of a record, in a private field of the record itself: nothing else can see it, a copy does not have it, and unlike
 * an entry of a WeakMap it costs the garbage collector nothing.
 */
class TextOf extends ReturnsItsArgument {
  #text: string

  constructor(record: object, text: string) {
    super(record)
    this.#text = text
  }

  static get(record: object): string | undefined {
    return #text in record ? record.#text : undefined
  }

  static set(record: object, text: string): void {
    if (#text in record) record.#text = text
    else new TextOf(record, text)
  }
}

/** Returns the text that this object was read from, or was written as; undefined for an object that the store never gave. */
export const textOf = TextOf.get

/** Notes the text of an object that was read or written. */
export const setTextOf = TextOf.set
