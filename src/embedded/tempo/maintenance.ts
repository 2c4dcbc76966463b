import type { Journal } from '../journal.ts'
import type { TraceStore } from './store/store.ts'

/** Below this a journal is not worth a new segment. */
const ROTATE_BYTES = 1 << 20
/** Old blocks are looked for at most this often. */
const RETENTION_CHECK_MS = 60_000

export interface Maintenance {
  /** Cuts, seals and lets go of the journal; one run at a time, others wait for it. */
  run(): Promise<void>
  stop(): Promise<void>
}

/** Runs the store's housekeeping every `periodMs`. A failure is told once until it is over. */
export function startMaintenance(
  store: TraceStore,
  journal: Journal,
  periodMs: number,
  log: (level: string, message: string, fields?: Record<string, unknown>) => void,
): Maintenance {
  let running: Promise<void> | undefined
  let failing = false
  let lastExpiry = 0
  const tidyJournal = async () => {
    if (store.oldestSegment > journal.segment && journal.bytes > ROTATE_BYTES) await journal.rotate()
    // Asked anew: the rotation may have written what came meanwhile into the old segment.
    await journal.dropBefore(Math.min(store.oldestSegment, journal.segment))
  }
  const expire = async () => {
    if (Date.now() - lastExpiry <= RETENTION_CHECK_MS) return
    lastExpiry = Date.now()
    await store.expire(lastExpiry)
  }
  const once = async () => {
    const errors: Error[] = []
    // Each on its own: where one cannot be done, the others still keep the disk from filling up.
    for (const step of [() => store.flush(Date.now()), tidyJournal, () => store.compact(), expire]) {
      await step().catch((error: Error) => errors.push(error))
    }
    const [first] = errors
    if (first && !failing) log('error', 'cannot write blocks; traces stay in the journal', { err: first.message })
    if (!first && failing) log('info', 'blocks can be written again')
    failing = first !== undefined
  }
  const run = () => {
    running ??= once().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(run, periodMs)
  return {
    run,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
