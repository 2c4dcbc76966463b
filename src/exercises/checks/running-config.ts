import { type CollectorConfig, type Diagnostic, resolveConfig } from '../../collector-config.ts'
import type { ExerciseLab } from '../lab.ts'

/** The config that the collector runs with, beside the one in the file. */
export interface Configs {
  /** Undefined when the engine cannot tell. */
  running: CollectorConfig | undefined
  file: CollectorConfig | undefined
  /** Why the collector would refuse the file; absent when it would not. */
  fault?: Diagnostic
}

export async function readConfigs(lab: ExerciseLab): Promise<Configs> {
  const [running, file] = await Promise.all([lab.collector.runningConfig(), lab.collector.readConfig()])
  const read = resolveConfig(file, lab.env)
  const fault = read.config ? undefined : read.diagnostics.find(({ severity }) => severity === 'error')
  return {
    running: running === undefined ? undefined : resolveConfig(running, lab.env).config,
    file: read.config,
    ...(fault ? { fault } : {}),
  }
}
