/** The order in which requests begin and ids end. */
export const clock = {
  time: 0,
  next: () => ++clock.time,
}
