import type { CollectorConfig } from '../collector-config.ts'
import { EXIT, LabError } from '../errors.ts'
import { table } from '../util/table.ts'

/** A setting that a what-if changes, wherever it is. */
export interface Setting {
  /** As it was typed: `batch.timeout=200ms`. */
  text: string
  /** The config that it stands in; `env` is the program's environment. */
  where: 'collector' | 'tempo' | 'prometheus' | 'env'
  /** Keys with dots between them, or a variable's name. */
  path: string
  value: string
}

const SECTIONS = {
  collector: ['receivers', 'processors', 'exporters', 'connectors', 'extensions', 'service'],
  prometheus: ['global', 'scrape_configs', 'storage'],
  tempo: ['live_store', 'query_frontend', 'distributor', 'metrics_generator', 'overrides', 'server'],
} as const

/** What everybody calls by its last name. */
const SHORT: Record<string, [where: Setting['where'], path: string]> = table({
  scrape_interval: ['prometheus', 'global.scrape_interval'],
  scrape_timeout: ['prometheus', 'global.scrape_timeout'],
  max_trace_idle: ['tempo', 'live_store.max_trace_idle'],
  max_trace_live: ['tempo', 'live_store.max_trace_live'],
  flush_check_period: ['tempo', 'live_store.flush_check_period'],
  query_end_cutoff: ['tempo', 'query_frontend.query_end_cutoff'],
})

/** `PATH=VALUE`; a path may begin with a component's id instead of its section. Throws LabError `usage`. */
export function settingOf(text: string, config: CollectorConfig | undefined): Setting {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined || value === '') throw wrong(`${text} is not SETTING=VALUE`)
  if (/^OTEL_[A-Z_]+$/.test(name)) return { text, where: 'env', path: name, value }
  const short = Object.hasOwn(SHORT, name) ? SHORT[name] : undefined
  if (short) return { text, where: short[0], path: short[1], value }
  const first = name.split('.')[0]!
  for (const [where, sections] of Object.entries(SECTIONS)) {
    if ((sections as readonly string[]).includes(first))
      return { text, where: where as Setting['where'], path: name, value }
  }
  const section = config && sectionOf(config, first)
  if (section) return { text, where: 'collector', path: `${section}.${name}`, value }
  throw wrong(`no config has a setting ${name}: ${first} is no component of the collector's`)
}

function sectionOf(config: CollectorConfig, id: string): string | undefined {
  return (['processors', 'exporters', 'connectors', 'receivers', 'extensions'] as const).find((one) =>
    config[one].has(id),
  )
}

const wrong = (message: string) =>
  new LabError('usage', message, {
    hint: [
      'otel-lab latency --set batch.timeout=200ms --set scrape_interval=1s',
      `Short names: ${Object.keys(SHORT).join(', ')}; else COMPONENT.KEY, SECTION.KEY or OTEL_...`,
    ].join('\n'),
    exit: EXIT.usage,
  })

/** `PATH=A,B,C` as one setting a value. Throws LabError `usage`. */
export function sweepOf(text: string, config: CollectorConfig | undefined): Setting[] {
  const [, name, values] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  const list = values?.split(',').map((value) => value.trim()) ?? []
  if (name === undefined || list.length < 2 || list.includes('')) {
    throw new LabError('usage', `${text} is not SETTING=VALUE,VALUE,...: a sweep needs two values at least`, {
      hint: 'otel-lab latency --sweep batch.timeout=100ms,500ms,1s,5s',
      exit: EXIT.usage,
    })
  }
  return list.map((value) => settingOf(`${name}=${value}`, config))
}
