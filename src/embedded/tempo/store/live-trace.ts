import type { Resource, ResourceOf, ScopeOf, Span, TracesData } from '../../../otlp/types.ts'

interface Batch {
  resource: Resource
  schemaUrl: string
  scopes: { source: ScopeOf<Span>; items: Span[] }[]
}

/** Tells spans of a trace apart; a Zipkin client and server may share an id. */
const spanKey = (span: Span) => `${span.spanId}${span.kind}`

export function spanKeysOf(data: TracesData): string[] {
  return data.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items.map(spanKey)))
}

/** Spans of one trace as they come in, each once. */
export class LiveTrace {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly since: number
  lastAppend: number
  /** The oldest journal segment that has spans of it. */
  segment: number
  spanCount = 0
  readonly #batches: Batch[] = []
  readonly #seen: Set<string>

  /** `seen` are keys of spans that are known already and not to be taken again. */
  constructor(id: string, now: number, segment: number, seen: Iterable<string> = []) {
    this.id = id
    this.since = now
    this.lastAppend = now
    this.segment = segment
    this.#seen = new Set(seen)
  }

  /** Returns false when this span was there before. */
  add(from: ResourceOf<Span>, scope: ScopeOf<Span>, span: Span): boolean {
    const key = spanKey(span)
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    this.spanCount++
    let batch = this.#batches.at(-1)
    if (batch === undefined || batch.resource !== from.resource) {
      batch = { resource: from.resource, schemaUrl: from.schemaUrl, scopes: [] }
      this.#batches.push(batch)
    }
    let last = batch.scopes.at(-1)
    if (last?.source !== scope) {
      last = { source: scope, items: [] }
      batch.scopes.push(last)
    }
    last.items.push(span)
    return true
  }

  addAll(data: TracesData): void {
    for (const batch of data) {
      for (const scope of batch.scopes) for (const span of scope.items) this.add(batch, scope, span)
    }
  }

  keys(): Iterable<string> {
    return this.#seen
  }

  data(): TracesData {
    return this.#batches.map(({ resource, schemaUrl, scopes }) => ({
      resource,
      schemaUrl,
      scopes: scopes.map(({ source, items }) => ({ scope: source.scope, schemaUrl: source.schemaUrl, items })),
    }))
  }
}
