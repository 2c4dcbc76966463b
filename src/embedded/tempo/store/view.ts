import type { Resource as OtlpResource, Span as OtlpSpan, Scope, TracesData } from '../../../otlp/types.ts'
import { KIND, type Kind, type Status } from '../traceql/ast.ts'
import type { Attributes, Instrumentation, Resource, ServiceStats, Span, Trace } from '../traceql/source.ts'
import { assignNestedSet, type Node } from './nested-set.ts'
import { KeyValueAttributes } from './values.ts'

/** OTLP's numbers: client and server stand the other way round in TraceQL's list. */
export const KINDS: readonly Kind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
export const STATUSES: readonly Status[] = ['unset', 'ok', 'error']

/** A span of OTLP data as the language wants it. */
class SpanView implements Span, Node {
  readonly resource: Resource
  readonly instrumentation: Instrumentation
  readonly #span: OtlpSpan
  left = 0
  right = 0
  parentLeft = 0
  childCount = 0

  constructor(span: OtlpSpan, resource: Resource, instrumentation: Instrumentation) {
    this.#span = span
    this.resource = resource
    this.instrumentation = instrumentation
  }

  get id(): string {
    return this.#span.spanId
  }
  get parentId(): string {
    return this.#span.parentSpanId
  }
  get name(): string {
    return this.#span.name
  }
  get kind(): Kind {
    return KINDS[this.#span.kind] ?? KIND[0]
  }
  get isServer(): boolean {
    return this.#span.kind === 2
  }
  get isClient(): boolean {
    return this.#span.kind === 3
  }
  get status(): Status {
    return STATUSES[this.#span.status.code] ?? 'unset'
  }
  get statusMessage(): string {
    return this.#span.status.message
  }
  get startNanos(): bigint {
    return this.#span.startTimeUnixNano
  }
  get durationNanos(): bigint {
    return BigInt.asIntN(64, this.#span.endTimeUnixNano - this.#span.startTimeUnixNano)
  }
  get endNanos(): bigint {
    return this.#span.endTimeUnixNano
  }
  get attributes(): Attributes {
    return new KeyValueAttributes(this.#span.attributes)
  }
  get events(): Span['events'] {
    return this.#span.events.map((e) => ({
      name: e.name,
      sinceStartNanos: BigInt.asIntN(64, e.timeUnixNano - this.#span.startTimeUnixNano),
      attributes: new KeyValueAttributes(e.attributes),
    }))
  }
  get links(): Span['links'] {
    return this.#span.links.map((l) => ({
      traceId: l.traceId,
      spanId: l.spanId,
      attributes: new KeyValueAttributes(l.attributes),
    }))
  }
}

function resourceView({ attributes }: OtlpResource): Resource {
  const name = attributes.find((a) => a.key === 'service.name' && typeof a.value === 'string')
  return {
    serviceName: (name?.value as string | undefined) ?? '',
    attributes: new KeyValueAttributes(name === undefined ? attributes : attributes.filter((a) => a !== name)),
  }
}

const scopeView = ({ name, version, attributes }: Scope): Instrumentation => ({
  name,
  version,
  attributes: new KeyValueAttributes(attributes),
})

/** A whole trace as the language wants it; `data` holds spans of `id` only. */
export function traceView(id: string, data: TracesData): Trace {
  const spans: SpanView[] = []
  const serviceStats = new Map<string, ServiceStats>()
  let root: SpanView | undefined
  let startNanos = 0n
  let endNanos = 0n
  for (const { resource: otlpResource, scopes } of data) {
    const resource = resourceView(otlpResource)
    const stats = serviceStats.get(resource.serviceName) ?? { spanCount: 0, errorCount: 0 }
    serviceStats.set(resource.serviceName, stats)
    for (const { scope, items } of scopes) {
      const instrumentation = scopeView(scope)
      for (const item of items) {
        const span = new SpanView(item, resource, instrumentation)
        spans.push(span)
        stats.spanCount++
        if (span.status === 'error') stats.errorCount++
        if (startNanos === 0n || span.startNanos < startNanos) startNanos = span.startNanos
        if (span.endNanos > endNanos) endNanos = span.endNanos
        if (span.parentId === '') root = span
      }
    }
  }
  assignNestedSet(spans)
  return {
    id,
    startNanos,
    endNanos,
    rootName: root?.name ?? '',
    rootServiceName: root?.resource.serviceName ?? '',
    spans,
    serviceStats,
  }
}
