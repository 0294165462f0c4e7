/**
 * A class whose constructor returns the object that it is given, so that the private fields of a subclass are added to that
 * object.
 */
export class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is the purpose of the class.
    return object
  }
}
