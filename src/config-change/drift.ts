import { sameMeaning } from '../collector-config.ts'
import type { Engine, ServiceName } from '../engine.ts'
import { readConfigText } from '../util/read-text.ts'
import type { Workspace } from '../workspace.ts'
import { CONFIGS, type ConfigKey, shownPath } from './files.ts'

/** How a config file stands to what its service runs with. */
export interface Drift {
  key: ConfigKey
  service: ServiceName
  shown: string
  /** same: to the letter, or but for comments and layout; unknown: nobody can tell what runs, or nothing does. */
  state: 'same' | 'differs' | 'unknown'
  file?: string
  running?: string
}

/** Whether a service runs with what its file says now. The one place that tells; by meaning, not by bytes. */
export async function driftOf(workspace: Workspace, engine: Engine, key: ConfigKey): Promise<Drift> {
  const { file, service } = CONFIGS[key]
  const path = workspace.configPath(file)
  const [text, running] = await Promise.all([
    readConfigText(path).catch(() => undefined),
    engine.runningConfig?.(service).catch(() => undefined),
  ])
  const base = {
    key,
    service,
    shown: shownPath(path),
    ...(text === undefined ? {} : { file: text }),
    ...(running === undefined ? {} : { running }),
  }
  if (running === undefined) return { ...base, state: 'unknown' }
  return { ...base, state: text !== undefined && sameMeaning(text, running) ? 'same' : 'differs' }
}

export async function driftOfAll(workspace: Workspace, engine: Engine): Promise<Drift[]> {
  return Promise.all((Object.keys(CONFIGS) as ConfigKey[]).map((key) => driftOf(workspace, engine, key)))
}

/** One sentence for a status, a doctor or a failed check; undefined when there is nothing to say. */
export function sayDrift({ state, shown, service, key }: Drift): { text: string; next: string } | undefined {
  if (state !== 'differs') return undefined
  return {
    text: `${service} runs with another config than ${shown} says: the file was changed since it was read`,
    next: `otel-lab restart ${service}, or see the difference: otel-lab config diff ${key} --running`,
  }
}
