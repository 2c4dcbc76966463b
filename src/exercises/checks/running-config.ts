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
  const [running, file] = await Promise.all([runningConfig(lab), fileConfig(lab)])
  return { running, ...file }
}

export async function runningConfig(lab: ExerciseLab): Promise<CollectorConfig | undefined> {
  const text = await lab.collector.runningConfig()
  return text === undefined ? undefined : resolveConfig(text, lab.env).config
}

export async function fileConfig(lab: ExerciseLab): Promise<Pick<Configs, 'file' | 'fault'>> {
  const { config, diagnostics } = resolveConfig(await lab.collector.readConfig(), lab.env)
  const fault = config ? undefined : diagnostics.find(({ severity }) => severity === 'error')
  return { file: config, ...(fault ? { fault } : {}) }
}
