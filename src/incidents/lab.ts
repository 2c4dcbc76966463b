import type { Backends } from '../backends.ts'
import type { FaultLab, FoundRun } from '../faults.ts'

/** What an incident needs of the lab. The command hands it in. */
export interface IncidentLab {
  faults: FaultLab
  backends: Backends
  /** Runs the app once, as `otel-lab run` would: on a healthy scan, in the environment that this lab says. */
  run(): Promise<FoundRun>
  now(): number
}
