/** Lets a handler wait until the test opens the gate. */
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
