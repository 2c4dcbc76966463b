import { type Diagnosis, type DiagnosisPorts, diagnose, type Missed } from '../diagnosis.ts'
import type { Signal } from '../util/signal.ts'
import { DOORS, type Door, SIGNAL_OF } from './door.ts'

export interface MissedRun {
  runId: string
  startedAt: number
  endedAt: number
  exitCode?: number
  env: Record<string, string | undefined>
  /** The end of what it said. */
  output?: readonly string[]
  traceIds?: readonly string[]
}

/** What the doors have seen of one signal of a run so far. */
interface Seen {
  /** A trace is there by its id: only a search does not find it. */
  byId: boolean
  /** It has had all the time that it may need: what is hidden or in pieces now stays so. */
  overdue: boolean
}

export type WhereItDied = (run: Omit<MissedRun, 'env'>, signal: Signal, seen: Seen) => Promise<Diagnosis>

/** Where one signal of a run was lost: all of it, or what makes it findable. */
export async function whereItDied(
  ports: DiagnosisPorts,
  run: MissedRun,
  signal: Signal,
  { byId, overdue }: Seen,
): Promise<Diagnosis> {
  if (signal === 'traces' && byId) return diagnose(ports, run, signal, 'search')
  const whole = await diagnose(ports, run, signal)
  if (whole.broken || whole.held || !overdue) return whole
  for (const missed of signal === 'traces' ? (['root', 'run'] as const) : (['run'] as const satisfies Missed[])) {
    const part = await diagnose(ports, run, signal, missed)
    if (part.broken) return part
  }
  return whole
}

/** Doors that may stay empty for good. */
export const OPTIONAL: ReadonlySet<Door> = new Set(['metrics-by-exemplar', 'logs-by-tail', 'trace-by-metrics'])

/** The one diagnosis that the lab has, for each signal of which something is missing. */
export async function allThatDied(
  ports: DiagnosisPorts,
  run: MissedRun,
  missing: Record<Door, number>,
): Promise<Diagnosis[]> {
  const doors = DOORS.filter((door) => missing[door] > 0 && !OPTIONAL.has(door))
  const signals = [...new Set(doors.map((door) => SIGNAL_OF[door]))]
  const seen = { byId: missing['trace-by-id'] === 0, overdue: true }
  return Promise.all(signals.map((signal) => whereItDied(ports, run, signal, seen)))
}

/**
 * Signals of which a program sent nothing while it sent others: its own choice, unless something is known that keeps
 * it from sending them.
 */
export async function whyItIsSilent(
  ports: DiagnosisPorts,
  run: MissedRun,
  silent: readonly Signal[],
): Promise<Diagnosis[]> {
  const all = await Promise.all(silent.map((signal) => diagnose(ports, run, signal)))
  return all.filter(({ broken }) => broken !== undefined && broken.fault !== 'nothing-sent')
}
