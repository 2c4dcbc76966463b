import type { ConfigLab } from '../config-change.ts'

/** What faults need of a lab: what a config change needs. Whoever uses them hands it in. */
export interface FaultLab extends ConfigLab {
  /** The file from which the app gets its environment in this lab; without it whoever runs the app sets what `inject` gives. */
  appEnvPath?: string
}
