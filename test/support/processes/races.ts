import type { Processes, Tries, Visit } from '.'

/** How many requests run at once. */
const AT_ONCE = 100

/** The result of a race: what was lost, or has come back, and what the writes took. */
export interface Result extends Tries {
  bad: number
  /** The errors of requests, except the conflicts. */
  errors: string[]
  /** How often a request gave up, since others were faster 20 times, and was sent again. */
  conflicts: number
}

/** Adds one so often to a number of one session, in all processes at once, and counts what is missing. */
export function countTogether(processes: Processes, count: number): Promise<Result> {
  return race(processes, async (note) => {
    const { cookie } = await processes.visit(0, 'login')
    await each(count, async (i) => {
      let visit = await processes.visit(i, 'count', cookie)
      for (; isConflict(visit); visit = await processes.visit(i, 'count', cookie)) note(visit)
      note(visit)
    })
    return count - Number((await processes.visit(0, 'show', cookie)).data.views)
  })
}

/** Adds so many keys to one session, each by a request of its own, and counts what is missing. */
export function addTogether(processes: Processes, count: number): Promise<Result> {
  return race(processes, async (note) => {
    const { cookie } = await processes.visit(0, 'login')
    await each(count, async (i) => note(await processes.visit(i, `add?key=k${i}`, cookie)))
    const { data } = await processes.visit(0, 'show', cookie)
    return Array.from({ length: count }, (_, i) => `k${i}`).filter((key) => !data[key]).length
  })
}

/** Ends so many sessions while requests of theirs are in flight in other processes, and counts those that are back. */
export function endTogether(processes: Processes, count: number): Promise<Result> {
  return race(processes, async (note) => {
    const cookies: string[] = []
    await each(count, async (i) => {
      const { cookie } = await processes.visit(i, 'login')
      cookies.push(cookie)
      const end = i % 2 ? 'logout' : 'renew'
      const paths = ['work', 'work', end, 'work', 'count']
      // The session may have ended before a request begins. `updateSession` has nothing to change then.
      const visits = await Promise.all(paths.map((path, k) => processes.visit(i + k, path, cookie)))
      for (const visit of visits.slice(0, -1)) note(visit)
    })
    const found = await Promise.all(cookies.map((cookie) => processes.visit(0, 'show', cookie)))
    return found.filter(({ data }) => 'userId' in data).length
  })
}

type Answer = Pick<Visit, 'status' | 'data'>
type Note = (visit: Answer) => void

function isConflict({ status, data }: Answer): boolean {
  return status === 500 && String(data.error).startsWith('ERR_SESSION_CONFLICT')
}

async function race(processes: Processes, work: (note: Note) => Promise<number>): Promise<Result> {
  const errors: string[] = []
  let conflicts = 0
  const before = await processes.tries()
  const bad = await work((visit) => {
    if (isConflict(visit)) conflicts++
    else if (visit.status !== 200) errors.push(JSON.stringify(visit.data))
  })
  const after = await processes.tries()
  return { bad, errors, conflicts, tries: after.tries - before.tries, writes: after.writes - before.writes }
}

/** Does the work for each number below `count`, `AT_ONCE` at a time. */
async function each(count: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const workers = Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
    while (next < count) await work(next++)
  })
  await Promise.all(workers)
}
