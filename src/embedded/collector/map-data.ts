import type { KeyValue, Metric, MetricData, ResourceOf } from '../../otlp/types.ts'
import type { Payload } from './component.ts'

/** The payload with every item put through `each`; an item of undefined goes, and so do groups left empty. */
export function mapItems(
  payload: Payload,
  each: (item: unknown, group: ResourceOf<unknown>, scope: ResourceOf<unknown>['scopes'][number]) => unknown,
): Payload {
  const data: ResourceOf<unknown>[] = []
  for (const group of payload.data as ResourceOf<unknown>[]) {
    const scopes: typeof group.scopes = []
    for (const scope of group.scopes) {
      const items: unknown[] = []
      for (const item of scope.items) {
        const kept = each(item, group, scope)
        if (kept !== undefined) items.push(kept)
      }
      if (items.length > 0) scopes.push({ ...scope, items })
    }
    if (scopes.length > 0) data.push({ ...group, scopes })
  }
  return { ...payload, data } as Payload
}

/** A metric with every point's attributes put through `change`. */
export function mapPointAttributes(metric: Metric, change: (attributes: KeyValue[]) => KeyValue[]): Metric {
  const { data } = metric
  if (data.type === 'none') return metric
  const points = data.points.map((point) => ({ ...point, attributes: change(point.attributes) }))
  return { ...metric, data: { ...data, points } as MetricData }
}
