import { resolveConfig, sameMeaning } from '../../collector-config.ts'
import type { DiagnosisPorts } from '../contract.ts'
import { readTopology, type Topology } from '../read/topology.ts'

export interface Configs {
  /** What the collector runs with; or, where nobody can tell, what its file says. */
  topology: Topology | undefined
  from: 'running config' | 'config file'
  /** How the learner types the file's path. */
  shown: string
  /** What the file says now, where that is something else than what runs. */
  edited: Topology | undefined
  /** The file is another text than what runs; undefined when nobody can tell. */
  differs: boolean | undefined
  /** Why the collector would refuse the file. */
  invalid?: string
}

const NOWHERE = "the collector's config"

export async function readConfigs({ engine, configFile, env }: DiagnosisPorts): Promise<Configs> {
  const [running, file] = await Promise.all([
    engine.runningConfig?.('otel-collector').catch(() => undefined),
    configFile('otel-collector').catch(() => undefined),
  ])
  const ofFile = file && readTopology(file.text, env)
  const topology = running === undefined ? ofFile : readTopology(running, env)
  const differs = running === undefined || file === undefined ? undefined : !sameMeaning(running, file.text)
  const fault = differs
    ? resolveConfig(file!.text, env).diagnostics.find(({ severity }) => severity === 'error')
    : undefined
  return {
    topology,
    from: running === undefined ? 'config file' : 'running config',
    shown: file?.shown ?? NOWHERE,
    edited: differs ? ofFile : undefined,
    differs,
    ...(fault
      ? { invalid: `${file!.shown}${fault.line === undefined ? '' : `:${fault.line}`}: ${fault.message}` }
      : {}),
  }
}
