import type { Signal } from '../contract.ts'
import { type Read, readYaml } from './yaml.ts'

export type Settings = Record<string, unknown>

export interface Component {
  /** As written, such as `otlp/tempo`. */
  id: string
  /** By today's name. */
  type: string
  settings: Settings
  line?: number
}

export interface Pipeline {
  id: string
  signal: string
  receivers: string[]
  processors: string[]
  exporters: string[]
  line?: number
}

/** What a collector's config makes of its components; loosely read, for it may hold components that we do not know. */
export interface Topology {
  receivers: Map<string, Component>
  processors: Map<string, Component>
  exporters: Map<string, Component>
  connectors: Map<string, Component>
  pipelines: Pipeline[]
  /** `service::telemetry`. */
  telemetry: Settings
}

type Env = Readonly<Record<string, string | undefined>>

const TODAY: Record<string, Record<string, string>> = {
  exporters: {
    otlp: 'otlp_grpc',
    otlphttp: 'otlp_http',
    prometheusremotewrite: 'prometheus_remote_write',
    loadbalancing: 'load_balancing',
  },
  connectors: { spanmetrics: 'span_metrics' },
}

/** Undefined for what is no collector's config. */
export function readTopology(text: string, env: Env): Topology | undefined {
  const read = readYaml(expanded(text, env))
  if (read === undefined || typeof read.value !== 'object' || read.value === null) return undefined
  const service = read.below('service')
  const pipelines = service.below('pipelines')
  return {
    receivers: components(read, 'receivers'),
    processors: components(read, 'processors'),
    exporters: components(read, 'exporters'),
    connectors: components(read, 'connectors'),
    pipelines: Object.entries(asMap(pipelines.value)).map(([id, value]) => ({
      id,
      signal: id.split('/')[0]!,
      receivers: asIds(asMap(value).receivers),
      processors: asIds(asMap(value).processors),
      exporters: asIds(asMap(value).exporters),
      ...lineOf(pipelines, id),
    })),
    telemetry: asMap(asMap(service.value).telemetry),
  }
}

function components(read: Read, section: string): Map<string, Component> {
  const part = read.below(section)
  return new Map(
    Object.entries(asMap(part.value)).map(([id, value]) => {
      const type = id.split('/')[0]!.trim()
      return [id, { id, type: TODAY[section]?.[type] ?? type, settings: asMap(value), ...lineOf(part, id) }]
    }),
  )
}

const lineOf = (read: Read, key: string) => (read.lines[key] === undefined ? {} : { line: read.lines[key] })

export const asMap = (value: unknown): Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {}

const asIds = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** `${env:X}`, `${env:X:-default}`, `${X}`. */
function expanded(text: string, env: Env): string {
  return text.replaceAll(/\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, name: string, or = '') => env[name] ?? or)
}

/** The pipelines that a signal of a program runs through, each after those that lead to it. */
export function pipelinesOf(topology: Topology, signal: Signal): Pipeline[] {
  const own = topology.pipelines.filter((one) => one.signal === signal)
  const found = own.filter(({ receivers }) => receivers.some((id) => topology.receivers.get(id)?.type === 'otlp'))
  for (const one of found) {
    const connectors = one.exporters.filter((id) => topology.connectors.has(id) && !topology.exporters.has(id))
    const next = own.filter(({ receivers }) => receivers.some((id) => connectors.includes(id)))
    found.push(...next.filter((pipeline) => !found.includes(pipeline)))
  }
  return found
}
