import type { KeyValue, Metric, MetricData, ResourceOf, ScopeOf } from '../../otlp/types.ts'
import type { Payload } from './component.ts'

type Each = (item: unknown, group: ResourceOf<unknown>, scope: ScopeOf<unknown>) => unknown

/**
 * The payload with every item put through `each`; an item of undefined goes, and so do groups left empty. What stays
 * as it is stays the same object, so that what is known of it (its bytes, a summary) holds for it still.
 */
export function mapItems(payload: Payload, each: Each): Payload {
  const before = payload.data as ResourceOf<unknown>[]
  const data: ResourceOf<unknown>[] = []
  for (const group of before) {
    const kept = mapGroup(group, each)
    if (kept !== undefined) data.push(kept)
  }
  return isSame(before, data) ? payload : ({ ...payload, data } as Payload)
}

function mapGroup(group: ResourceOf<unknown>, each: Each): ResourceOf<unknown> | undefined {
  const scopes: ScopeOf<unknown>[] = []
  for (const scope of group.scopes) {
    const items: unknown[] = []
    for (const item of scope.items) {
      const kept = each(item, group, scope)
      if (kept !== undefined) items.push(kept)
    }
    if (items.length > 0) scopes.push(isSame(scope.items, items) ? scope : { ...scope, items })
  }
  if (scopes.length === 0) return undefined
  return isSame(group.scopes, scopes) ? group : { ...group, scopes }
}

function isSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  if (before.length !== after.length) return false
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) return false
  return true
}

/** A metric with every point's attributes put through `change`. */
export function mapPointAttributes(metric: Metric, change: (attributes: KeyValue[]) => KeyValue[]): Metric {
  const { data } = metric
  if (data.type === 'none') return metric
  const points = data.points.map((point) => ({ ...point, attributes: change(point.attributes) }))
  return { ...metric, data: { ...data, points } as MetricData }
}
