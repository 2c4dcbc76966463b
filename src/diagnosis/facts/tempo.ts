import { parseDuration } from '../../util/duration.ts'
import type { DiagnosisPorts } from '../contract.ts'
import { asMap } from '../read/topology.ts'
import { readYaml } from '../read/yaml.ts'

/** What in Tempo's config decides when a trace that it took is found, in milliseconds; Tempo's own where it says nothing. */
export interface TempoSettings {
  idle: number
  live: number
  check: number
  cutoff: number
  from: 'running config' | 'config file'
  shown: string
}

const DEFAULTS = { max_trace_idle: '5s', max_trace_live: '30s', flush_check_period: '5s', query_end_cutoff: '30s' }

/** Undefined when nobody can tell. */
export async function tempoSettings({ engine, configFile }: DiagnosisPorts): Promise<TempoSettings | undefined> {
  const [running, file] = await Promise.all([engine.runningConfig?.('tempo'), configFile('tempo')])
  const text = running ?? file?.text
  const read = text === undefined ? undefined : asMap(readYaml(text)?.value)
  if (read === undefined) return undefined
  const ms = (section: string, key: keyof typeof DEFAULTS) =>
    parseDuration(String(asMap(read[section])[key] ?? DEFAULTS[key])) ?? parseDuration(DEFAULTS[key])!
  return {
    idle: ms('live_store', 'max_trace_idle'),
    live: ms('live_store', 'max_trace_live'),
    check: ms('live_store', 'flush_check_period'),
    cutoff: ms('query_frontend', 'query_end_cutoff'),
    from: running === undefined ? 'config file' : 'running config',
    shown: file?.shown ?? "Tempo's config",
  }
}
