import { type Diagnosis, type DiagnosisPorts, diagnose } from '../diagnosis.ts'
import { DOORS, type Door, type DoorSignal, SIGNAL_OF } from './door.ts'

export interface MissedRun {
  runId: string
  startedAt: number
  endedAt: number
  exitCode?: number
  env: Record<string, string | undefined>
}

/** Where each signal of which something is missing was lost, by the one diagnosis that the lab has. */
export async function whereItDied(
  ports: DiagnosisPorts,
  run: MissedRun,
  missing: Record<Door, number>,
): Promise<Diagnosis[]> {
  // Exemplars and tails may be absent for good.
  const doors = DOORS.filter((door) => missing[door] > 0 && door !== 'metrics-by-exemplar' && door !== 'logs-by-tail')
  const signals = [...new Set(doors.map((door): DoorSignal => SIGNAL_OF[door]))]
  return Promise.all(
    signals.map((signal) => {
      const byId = missing['trace-by-id'] === 0
      // It is there by its id: only a search does not find it.
      return diagnose(ports, run, signal, signal === 'traces' && byId ? 'search' : undefined)
    }),
  )
}
