import { stringOf } from '../../../../otlp/attributes.ts'
import type { KeyValue } from '../../../../otlp/types.ts'
import type { Logger } from '../../logger.ts'
import { type Accumulated, identityOf } from './accumulator.ts'
import { convertBody, familyType } from './convert.ts'
import type { Family, FamilyMetric, FamilyType } from './family.ts'
import { labelName } from './label-name.ts'
import { metricName, type NamedType } from './metric-name.ts'
import type { GatherSettings } from './settings.ts'
import { targetInfo } from './target-info.ts'

/** What the exporter has told of a name keeps its type and help until it expires. */
export type KnownFamilies = Map<string, { type: FamilyType; help: string; seenMs: number }>

const RESERVED_SCOPE = ['name', 'version', 'schema_url']

/** All series as families, sorted as client_golang's registry sorts them. What cannot be shown is logged and left out. */
export function gather(all: Accumulated[], known: KnownFamilies, settings: GatherSettings, logger: Logger): Family[] {
  const names = memoized(settings)
  const families = new Map<string, Family>()
  const seen = new Set<string>()
  const put = (name: string, help: string, type: FamilyType, metric: FamilyMetric) => {
    const family = families.get(name)
    const key = seriesKey(name, metric.labels)
    if (seen.has(key)) {
      const labels = metric.labels.map(([label, value]) => `label:{name:"${label}" value:"${value}"}`).join(' ')
      const words = 'was collected before with the same name and label values'
      logger.error('error gathering metrics: collected metric', { metric: name, labels, error: words })
      return
    }
    seen.add(key)
    if (family) family.metrics.push(metric)
    else families.set(name, { name, help, type, metrics: [metric] })
  }
  for (const metric of targetInfo(all, settings, logger)) put(infoName(settings), 'Target metadata', 'gauge', metric)
  for (const one of all) {
    try {
      const { name, help, type, metric } = convert(one, known, settings, names, logger)
      put(name, help, type, metric)
    } catch (error) {
      logger.error(`failed to convert metric ${one.metric.name}: ${(error as Error).message}`)
    }
  }
  const sorted = [...families.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { metrics } of sorted) metrics.sort(byLabelValues)
  return sorted
}

function infoName({ namespace }: GatherSettings): string {
  return namespace === '' ? 'target_info' : `${namespace}_target_info`
}

interface Names {
  metric(name: string, unit: string, type: NamedType): string
  label(key: string): string
}

/** For one gathering: series are many, names few. */
function memoized({ metrics, labels }: GatherSettings): Names {
  const remember = (make: (...args: string[]) => string) => {
    const known = new Map<string, string>()
    return (...args: string[]) => {
      const key = args.length === 1 ? args[0]! : args.join('\u0000')
      const found = known.get(key) ?? make(...args)
      known.set(key, found)
      return found
    }
  }
  return {
    metric: remember((name, unit, type) => metricName(metrics, name!, unit!, type as NamedType)),
    label: remember((key) => labelName(labels, key!)),
  }
}

function seriesKey(name: string, labels: readonly [string, string][]): string {
  let key = name
  for (const [label, value] of labels) key += `\u0000${label}\u0001${value}`
  return key
}

function convert(one: Accumulated, known: KnownFamilies, settings: GatherSettings, names: Names, logger: Logger) {
  const { metric } = one
  const { type, shown } = familyType(metric)
  const named = type === 'counter' ? 'monotonic' : metric.data.type === 'gauge' ? 'gauge' : 'other'
  const name = names.metric(metric.name, metric.unit, named)
  const help = helpOf(name, metric.description, type, one.updatedMs, known, logger)
  const point = (metric.data as { points: { attributes: KeyValue[]; timeUnixNano: bigint }[] }).points[0]!
  const labels = labelsOf(one, point.attributes, settings, names, name)
  const timestamp = settings.sendTimestamps ? { timestampNs: point.timeUnixNano } : {}
  return { name, help, type: shown, metric: { labels, ...convertBody(metric), ...timestamp } }
}

function helpOf(
  name: string,
  help: string,
  type: FamilyType,
  seenMs: number,
  known: KnownFamilies,
  logger: Logger,
): string {
  const old = known.get(name)
  if (!old) {
    known.set(name, { type, help, seenMs })
    return help
  }
  if (old.type !== type) {
    const existing = `existing: ${old.type.toUpperCase()}, dropped: ${type.toUpperCase()}`
    throw new Error(`instrument type conflict, using existing type definition. instrument: ${name}, ${existing}`)
  }
  old.seenMs = Math.max(old.seenMs, seenMs)
  if (old.help !== help) {
    logger.info('Instrument description conflict, using existing', {
      instrument: name,
      existing: old.help,
      dropped: help,
    })
  }
  return old.help
}

function labelsOf(
  one: Accumulated,
  attributes: KeyValue[],
  settings: GatherSettings,
  names: Names,
  name: string,
): [string, string][] {
  const pairs: [string, string][] = Object.entries(settings.constLabels)
  const add = (key: string, value: KeyValue['value']) => pairs.push([names.label(key), stringOf(value)])
  for (const { key, value } of attributes) add(key, value)
  if (!settings.withoutScopeInfo) {
    const { scope, scopeSchemaUrl } = one
    for (const { key, value } of scope.attributes) if (!RESERVED_SCOPE.includes(key)) add(`otel_scope_${key}`, value)
    pairs.push(['otel_scope_name', scope.name])
    pairs.push(['otel_scope_version', scope.version])
    pairs.push(['otel_scope_schema_url', scopeSchemaUrl])
  }
  const { job, instance } = identityOf(one.resource)
  if (job !== undefined) pairs.push(['job', job])
  if (instance !== undefined) pairs.push(['instance', instance])
  return sortedLabels(pairs, name)
}

/** Throws as NewDesc does: a label may stand once, and none may begin with two underscores. */
export function sortedLabels(pairs: [string, string][], metric: string): [string, string][] {
  const names = new Set<string>()
  for (const [label] of pairs) {
    if (label.startsWith('__')) {
      throw new Error(`${JSON.stringify(label)} is not a valid label name for metric ${JSON.stringify(metric)}`)
    }
    if (names.has(label)) {
      const words = 'duplicate label names in constant and variable labels for metric'
      throw new Error(`${words} ${JSON.stringify(metric)}`)
    }
    names.add(label)
  }
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** internal.MetricSorter: fewer labels first, then by the values in order. */
function byLabelValues(a: FamilyMetric, b: FamilyMetric): number {
  if (a.labels.length !== b.labels.length) return a.labels.length - b.labels.length
  for (const [i, [, value]] of a.labels.entries()) {
    const other = b.labels[i]![1]
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}
