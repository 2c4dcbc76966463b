import type { ResourceOf, Span } from '../../../otlp/types.ts'
import type { Delivery } from '../delivery.ts'

/** What a policy says of a trace. */
export type Decision = 'sampled' | 'not_sampled' | 'dropped'

/** What came of a trace so far, for policies to look at. */
export interface TraceView {
  traceId: string
  spanCount: number
  bytes: number
  groups: readonly ResourceOf<Span>[]
}

/** A trace that is held. */
export interface HeldTrace extends TraceView {
  groups: ResourceOf<Span>[]
  deliveries: Delivery[]
  arrivedAt: number
  batch: number
  decision?: Decision
  decidedAt?: number
  policy?: string
}

export function* spansOf(groups: readonly ResourceOf<Span>[]): Generator<Span> {
  for (const { scopes } of groups) for (const { items } of scopes) yield* items
}

/** The parts of a resource's spans that belong to each trace, resource and scope with them. */
export function byTrace(group: ResourceOf<Span>): Map<string, ResourceOf<Span>> {
  const found = new Map<string, ResourceOf<Span>>()
  for (const scope of group.scopes) {
    for (const span of scope.items) {
      let part = found.get(span.traceId)
      if (part === undefined) {
        // The real one leaves the schema URLs behind.
        part = { resource: group.resource, schemaUrl: '', scopes: [] }
        found.set(span.traceId, part)
      }
      let own = part.scopes.find((one) => one.scope === scope.scope)
      if (own === undefined) {
        own = { scope: scope.scope, schemaUrl: '', items: [] }
        part.scopes.push(own)
      }
      own.items.push(span)
    }
  }
  return found
}
