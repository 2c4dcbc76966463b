import type { Metric, ResourceOf, Signal } from '../../otlp/types.ts'

/** The first `count` items, and the rest, each under its own resource and scope. Metrics are cut between data points. */
export function splitOff(
  signal: Signal,
  data: readonly ResourceOf<unknown>[],
  count: number,
): [ResourceOf<unknown>[], ResourceOf<unknown>[]] {
  const first: ResourceOf<unknown>[] = []
  const rest: ResourceOf<unknown>[] = []
  let room = count
  for (const group of data) {
    const taken: typeof group.scopes = []
    const left: typeof group.scopes = []
    for (const scope of group.scopes) {
      const [a, b] = signal === 'metrics' ? splitMetrics(scope.items as Metric[], room) : splitItems(scope.items, room)
      room -= signal === 'metrics' ? points(a as Metric[]) : a.length
      if (a.length > 0) taken.push({ ...scope, items: a })
      if (b.length > 0) left.push({ ...scope, items: b })
    }
    if (taken.length > 0) first.push({ ...group, scopes: taken })
    if (left.length > 0) rest.push({ ...group, scopes: left })
  }
  return [first, rest]
}

function splitItems(items: readonly unknown[], room: number): [unknown[], unknown[]] {
  return [items.slice(0, room), items.slice(room)]
}

function points(metrics: readonly Metric[]): number {
  return metrics.reduce((sum, { data }) => sum + (data.type === 'none' ? 0 : data.points.length), 0)
}

function splitMetrics(metrics: readonly Metric[], room: number): [Metric[], Metric[]] {
  const first: Metric[] = []
  const rest: Metric[] = []
  let left = room
  for (const metric of metrics) {
    const { data } = metric
    const size = data.type === 'none' ? 0 : data.points.length
    if (left > 0 && size <= left) first.push(metric)
    else if (left <= 0 || data.type === 'none') rest.push(metric)
    else {
      first.push({ ...metric, data: { ...data, points: data.points.slice(0, left) } as Metric['data'] })
      rest.push({ ...metric, data: { ...data, points: data.points.slice(left) } as Metric['data'] })
    }
    left -= size
  }
  return [first, rest]
}
