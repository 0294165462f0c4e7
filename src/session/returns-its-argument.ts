/** A base class whose constructor returns its argument: the private fields of a subclass are added to that object. */
export class ReturnsItsArgument {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is the purpose of the class.
    return object
  }
}
