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
  const once = async () => {
    try {
      await store.flush(Date.now())
      if (store.oldestSegment > journal.segment && journal.bytes > ROTATE_BYTES) await journal.rotate()
      // Asked anew: the rotation may have written what came meanwhile into the old segment.
      await journal.dropBefore(Math.min(store.oldestSegment, journal.segment))
      if (Date.now() - lastExpiry > RETENTION_CHECK_MS) {
        lastExpiry = Date.now()
        await store.expire(lastExpiry)
      }
      if (failing) log('info', 'blocks can be written again')
      failing = false
    } catch (error) {
      if (!failing) log('error', 'cannot write blocks; traces stay in the journal', { err: (error as Error).message })
      failing = true
    }
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
