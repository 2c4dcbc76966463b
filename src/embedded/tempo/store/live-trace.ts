import type { Resource, ResourceOf, Scope, ScopeOf, Span, TracesData } from '../../../otlp/types.ts'

interface Batch {
  resource: Resource
  schemaUrl: string
  scopes: { source: ScopeOf<Span>; items: Span[] }[]
}

/** Spans of one trace as they come in, each once. */
export class LiveTrace {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly since: number
  lastAppend: number
  /** A rough figure of what it holds. */
  bytes = 0
  readonly #batches: Batch[] = []
  readonly #seen = new Set<string>()

  constructor(id: string, now: number) {
    this.id = id
    this.since = now
    this.lastAppend = now
  }

  get spanCount(): number {
    return this.#seen.size
  }

  /** Returns false when this span was there before; a Zipkin client and server may share an id. */
  add(from: ResourceOf<Span>, scope: ScopeOf<Span>, span: Span): boolean {
    const key = `${span.spanId}${span.kind}`
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
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

  data(): TracesData {
    return this.#batches.map(({ resource, schemaUrl, scopes }) => ({
      resource,
      schemaUrl,
      scopes: scopes.map(({ source, items }) => ({ scope: source.scope as Scope, schemaUrl: source.schemaUrl, items })),
    }))
  }
}
