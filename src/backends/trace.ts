import {
  type Attributes,
  type AttributeValue,
  type JsonKeyValue,
  readAttributes,
  readEnum,
  readId,
} from './otlp-value.ts'

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const

export interface TraceEvent {
  name: string
  timeNs: bigint
  attributes: Attributes
}

export interface TraceSpan {
  /** Lower-case hex, 32 and 16 digits. */
  traceId: string
  spanId: string
  /** Absent on a root. It may name a span that has not come (yet). */
  parentSpanId?: string
  name: string
  kind: (typeof SPAN_KINDS)[number]
  startNs: bigint
  endNs: bigint
  status: { code: (typeof SPAN_STATUSES)[number]; message: string }
  attributes: Attributes
  events: TraceEvent[]
  links: { traceId: string; spanId: string; attributes: Attributes }[]
  resource: Attributes
  scope: { name: string; version: string }
}

export interface Trace {
  traceId: string
  /** In order of their start; each once, however often the backend holds it. */
  spans: TraceSpan[]
}

export interface SpanNode {
  span: TraceSpan
  children: SpanNode[]
}

interface JsonSpan {
  traceId?: string
  spanId?: string
  parentSpanId?: string
  name?: string
  kind?: string | number
  startTimeUnixNano?: string | number
  endTimeUnixNano?: string | number
  status?: { code?: string | number; message?: string }
  attributes?: JsonKeyValue[]
  events?: { name?: string; timeUnixNano?: string | number; attributes?: JsonKeyValue[] }[]
  links?: { traceId?: string; spanId?: string; attributes?: JsonKeyValue[] }[]
}

export interface JsonResourceSpans {
  resource?: { attributes?: JsonKeyValue[] }
  scopeSpans?: { scope?: { name?: string; version?: string }; spans?: JsonSpan[] }[]
}

/** Undefined when there is no span in it. */
export function readTrace(traceId: string, groups: readonly JsonResourceSpans[] | undefined): Trace | undefined {
  const spans = new Map<string, TraceSpan>()
  for (const group of groups ?? []) {
    const resource = readAttributes(group.resource?.attributes)
    for (const { scope, spans: items } of group.scopeSpans ?? []) {
      for (const item of items ?? []) {
        const span = readSpan(item, traceId, resource, { name: scope?.name ?? '', version: scope?.version ?? '' })
        // A client's and a server's span may share an id, as Zipkin's do.
        spans.set(`${span.spanId} ${span.kind} ${span.startNs}`, span)
      }
    }
  }
  if (spans.size === 0) return undefined
  const sorted = [...spans.values()].sort((a, b) => compare(a.startNs, b.startNs) || compare(b.endNs, a.endNs))
  return { traceId, spans: sorted }
}

function readSpan(item: JsonSpan, traceId: string, resource: Attributes, scope: TraceSpan['scope']): TraceSpan {
  const parentSpanId = readId(item.parentSpanId, 16)
  return {
    traceId: readId(item.traceId, 32) || traceId,
    spanId: readId(item.spanId, 16),
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    name: item.name ?? '',
    kind: SPAN_KINDS[readEnum(item.kind, UPPER_KINDS)] ?? 'unspecified',
    startNs: BigInt(item.startTimeUnixNano ?? 0),
    endNs: BigInt(item.endTimeUnixNano ?? 0),
    status: {
      code: SPAN_STATUSES[readEnum(item.status?.code, UPPER_STATUSES)] ?? 'unset',
      message: item.status?.message ?? '',
    },
    attributes: readAttributes(item.attributes),
    events: (item.events ?? []).map(({ name = '', timeUnixNano = 0, attributes }) => ({
      name,
      timeNs: BigInt(timeUnixNano),
      attributes: readAttributes(attributes),
    })),
    links: (item.links ?? []).map((link) => ({
      traceId: readId(link.traceId, 32),
      spanId: readId(link.spanId, 16),
      attributes: readAttributes(link.attributes),
    })),
    resource,
    scope,
  }
}

const UPPER_KINDS = SPAN_KINDS.map((name) => name.toUpperCase())
const UPPER_STATUSES = SPAN_STATUSES.map((name) => name.toUpperCase())

function pushTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)

/** The roots and what hangs below; a span whose parent is not there is a root, and a cycle loses no span. */
export function spanTree(spans: readonly TraceSpan[]): SpanNode[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const below = new Map<string, TraceSpan[]>()
  for (const span of spans) {
    if (span.parentSpanId !== undefined) pushTo(below, span.parentSpanId, span)
  }
  const seen = new Set<TraceSpan>()
  const grow = (root: TraceSpan): SpanNode => {
    const top: SpanNode = { span: root, children: [] }
    seen.add(root)
    const open = [top]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const child of below.get(node.span.spanId) ?? []) {
        if (seen.has(child)) continue
        seen.add(child)
        const grown: SpanNode = { span: child, children: [] }
        node.children.push(grown)
        open.push(grown)
      }
    }
    return top
  }
  const isRoot = ({ parentSpanId }: TraceSpan) => parentSpanId === undefined || !ids.has(parentSpanId)
  const roots = spans.filter(isRoot).map(grow)
  for (const span of spans) if (!seen.has(span)) roots.push(grow(span))
  return roots
}

/** What went wrong in a span: its status message, else its exception event; '' when nothing says. */
export function errorOf(span: TraceSpan): string {
  if (span.status.message !== '') return span.status.message
  const thrown = span.events.find(({ name }) => name === 'exception')?.attributes
  return [thrown?.['exception.type'], thrown?.['exception.message']].filter(Boolean).map(textOf).join(': ')
}

const textOf = (value: AttributeValue | undefined) => (typeof value === 'string' ? value : String(value))
