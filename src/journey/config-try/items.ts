import type { Replayed } from '../../engine.ts'
import type { Signal } from '../../util/signal.ts'

export type { Signal } from '../../util/signal.ts'

/** A span, a log record or a series, as it would come out at an exporter. */
export interface Item {
  signal: Signal
  exporter: string
  /** The same before and after. */
  key: string
  /** For people. */
  name: string
  /** Everything that can be changed on the way, by path: `attributes.http.method`, `resource.service.name`, `name`. */
  fields: Map<string, string>
}

interface KeyValue {
  key: string
  value?: Record<string, unknown>
}
interface Group {
  resource?: { attributes?: KeyValue[] }
  scopeSpans?: { spans?: Raw[] }[]
  scopeLogs?: { logRecords?: Raw[] }[]
}
type Raw = Record<string, unknown> & { attributes?: KeyValue[] }

const textIn = (value: Record<string, unknown> | undefined) => {
  const inner = Object.values(value ?? {})[0]
  return typeof inner === 'object' ? JSON.stringify(inner) : String(inner ?? '')
}

/** Spans and log records of what was exported, and the series of the pages. */
export function itemsOf({ exported, pages }: Replayed): Item[] {
  const items: Item[] = []
  const ordinals = new Map<string, number>()
  for (const { exporter, signal, json } of exported) {
    if (signal === 'metrics') continue
    const groups = json as { resourceSpans?: Group[]; resourceLogs?: Group[] }
    for (const group of groups.resourceSpans ?? groups.resourceLogs ?? []) {
      const raws = (group.scopeSpans ?? []).flatMap(({ spans = [] }) => spans)
      raws.push(...(group.scopeLogs ?? []).flatMap(({ logRecords = [] }) => logRecords))
      for (const raw of raws) items.push(itemOf(exporter, signal, raw, group.resource?.attributes ?? [], ordinals))
    }
  }
  for (const { exporter, text } of pages) items.push(...seriesOf(exporter, text))
  return items
}

function itemOf(
  exporter: string,
  signal: Signal,
  raw: Raw,
  resource: readonly KeyValue[],
  ordinals: Map<string, number>,
): Item {
  const fields = new Map<string, string>()
  for (const { key, value } of raw.attributes ?? []) fields.set(`attributes.${key}`, textIn(value))
  for (const { key, value } of resource) fields.set(`resource.${key}`, textIn(value))
  const body = textIn(raw.body as Record<string, unknown> | undefined)
  if (signal === 'traces') fields.set('name', String(raw.name ?? ''))
  else fields.set('body', body)
  fields.set('severity', String(raw.severityText ?? ''))
  // What stays whatever a processor does to the rest; lines of one moment are told apart by their order.
  const identity =
    signal === 'traces' ? `${raw.traceId} ${raw.spanId}` : `${raw.timeUnixNano} ${raw.traceId} ${raw.spanId}`
  const base = `${exporter} ${signal} ${identity}`
  const ordinal = (ordinals.get(base) ?? 0) + 1
  ordinals.set(base, ordinal)
  const name = signal === 'traces' ? String(raw.name ?? '') : body
  return { signal, exporter, key: `${base} ${ordinal}`, name, fields }
}

const LINE = /^([A-Za-z_:"][^\s{]*)(\{.*\})?\s+(\S+)/

/** A series is its name and labels: one with another label is another series. */
function seriesOf(exporter: string, page: string): Item[] {
  return page.split('\n').flatMap((line): Item[] => {
    if (line === '' || line.startsWith('#')) return []
    const match = LINE.exec(line)
    if (match === null) return []
    const [, metric, labels = '', value] = match
    const fields = new Map([['value', value!]])
    return [{ signal: 'metrics', exporter, key: `${exporter} ${metric}${labels}`, name: `${metric}${labels}`, fields }]
  })
}
