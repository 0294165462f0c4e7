/** A place where one request waits until the test lets it go on. */
export function createGate() {
  let go = () => {}
  let noteEntry = () => {}
  const entered = new Promise<void>((resolve) => {
    noteEntry = resolve
  })
  return {
    entered,
    enter(work: () => void) {
      go = work
      noteEntry()
    },
    open: () => go(),
  }
}
