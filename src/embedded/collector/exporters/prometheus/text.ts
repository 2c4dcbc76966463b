import { formatFloat } from '../../../../util/go-format.ts'
import { type Escaping, escapeName } from './escape.ts'
import type { Family, FamilyMetric, TextExemplar } from './family.ts'

export interface TextOptions {
  openMetrics: boolean
  escaping: Escaping
}

const VALID_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const VALID_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Prometheus's text format 0.0.4, or OpenMetrics 1.0 (prometheus/common expfmt). */
export function formatFamilies(families: readonly Family[], options: TextOptions): string {
  const lines: string[] = []
  for (const family of families) familyLines(family, options, lines)
  if (options.openMetrics) lines.push('# EOF')
  return lines.map((line) => `${line}\n`).join('')
}

function familyLines(family: Family, options: TextOptions, lines: string[]): void {
  const { openMetrics } = options
  const name = escapeName(family.name, options.escaping)
  const counter = family.type === 'counter' && openMetrics
  const total = name.endsWith('_total')
  const base = counter && total ? name.slice(0, -'_total'.length) : name
  const type = openMetrics && (family.type === 'untyped' || (counter && !total)) ? 'unknown' : family.type
  const help = openMetrics ? escapeValue(family.help) : escapeHelp(family.help)
  lines.push(`# HELP ${shownName(base)} ${help}`, `# TYPE ${shownName(base)} ${type}`)
  const sampleName = counter && total ? `${base}_total` : name
  for (const metric of family.metrics) metricLines(sampleName, family, metric, options, lines)
}

function metricLines(name: string, family: Family, metric: FamilyMetric, options: TextOptions, lines: string[]): void {
  const number = options.openMetrics ? openMetricsFloat : formatFloat
  const line = (suffix: string, value: string, extra?: [string, number], exemplar?: TextExemplar) => {
    const more: [string, string][] = extra ? [[extra[0], number(extra[1])]] : []
    lines.push(
      sampleStart(name + suffix, metric.labels, more, options.escaping) +
        ` ${value}` +
        timestamp(metric.timestampNs, options.openMetrics) +
        (options.openMetrics && exemplar && exemplar.labels.length > 0 ? exemplarText(exemplar) : ''),
    )
  }
  if (family.type === 'summary') {
    for (const { quantile, value } of metric.quantiles ?? []) line('', number(value), ['quantile', quantile])
    line('_sum', number(metric.value))
    line('_count', String(metric.count ?? 0n))
  } else if (family.type === 'histogram') {
    const buckets = metric.buckets ?? []
    for (const { bound, count, exemplar } of buckets) line('_bucket', String(count), ['le', bound], exemplar)
    if (buckets.at(-1)?.bound !== Number.POSITIVE_INFINITY) {
      line('_bucket', String(metric.count ?? 0n), ['le', Number.POSITIVE_INFINITY])
    }
    line('_sum', number(metric.value))
    line('_count', String(metric.count ?? 0n))
  } else line('', number(metric.value), undefined, metric.exemplar)
}

/** A name that needs quotes goes inside the braces. */
function sampleStart(name: string, labels: [string, string][], more: [string, string][], escaping: Escaping): string {
  const pairs = [...labels, ...more].map(([label, value]) => {
    const shown = escapeName(label, escaping)
    return `${VALID_LABEL.test(shown) ? shown : `"${escapeValue(shown)}"`}="${escapeValue(value)}"`
  })
  if (VALID_NAME.test(name)) return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
  return `{${[`"${escapeValue(name)}"`, ...pairs].join(',')}}`
}

function shownName(name: string): string {
  return VALID_NAME.test(name) ? name : `"${escapeValue(name)}"`
}

function timestamp(ns: bigint | undefined, openMetrics: boolean): string {
  if (ns === undefined) return ''
  const ms = ns / 1_000_000n
  return openMetrics ? ` ${openMetricsFloat(Number(ms) / 1000)}` : ` ${ms}`
}

function exemplarText({ labels, value, timestampNs }: TextExemplar): string {
  const pairs = labels.map(([name, text]) => `${name}="${escapeValue(text)}"`).join(',')
  const seconds = timestampNs === 0n ? '' : ` ${openMetricsFloat(Number(timestampNs) / 1e9)}`
  return ` # {${pairs}} ${openMetricsFloat(value)}${seconds}`
}

/** OpenMetrics wants floats to look like floats: `1.0`. */
function openMetricsFloat(value: number): string {
  const text = formatFloat(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

function escapeValue(text: string): string {
  if (!/[\\\n"]/.test(text)) return text
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
