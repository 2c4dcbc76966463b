import type { Engine } from '../engine.ts'
import type { FaultService } from './schema.ts'

/** What faults need of a lab. Whoever uses them hands it in. */
export interface FaultLab {
  engine: Engine
  configPath(service: FaultService): string
  /** A path below `.otel-lab/`. */
  statePath(...parts: string[]): string
}
