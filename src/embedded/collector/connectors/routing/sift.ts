import type { Metric, MetricData, ResourceOf, ScopeOf } from '../../../../otlp/types.ts'
import type { AnyPoint, Context } from '../../../../ottl.ts'

type Fits = (group: ResourceOf<unknown>, scope: ScopeOf<unknown>, item: unknown, metric?: Metric) => boolean
type Groups = ResourceOf<unknown>[]

/** What fits and what does not, each under its own resource and scope; a metric is cut between its points. */
export function sift(data: Groups, context: Context, fits: Fits): [Groups, Groups] {
  const [taken, left]: [Groups, Groups] = [[], []]
  for (const group of data) {
    const [mine, others]: ScopeOf<unknown>[][] = [[], []]
    for (const scope of group.scopes) {
      const [yes, no] = context === 'datapoint' ? points(group, scope, fits) : items(group, scope, fits)
      if (yes.length > 0) mine!.push({ ...scope, items: yes })
      if (no.length > 0) others!.push({ ...scope, items: no })
    }
    if (mine!.length > 0) taken.push({ ...group, scopes: mine! })
    if (others!.length > 0) left.push({ ...group, scopes: others! })
  }
  return [taken, left]
}

function items(group: ResourceOf<unknown>, scope: ScopeOf<unknown>, fits: Fits): [unknown[], unknown[]] {
  const [yes, no]: [unknown[], unknown[]] = [[], []]
  for (const item of scope.items) (fits(group, scope, item) ? yes : no).push(item)
  return [yes, no]
}

function points(group: ResourceOf<unknown>, scope: ScopeOf<unknown>, fits: Fits): [unknown[], unknown[]] {
  const [yes, no]: [unknown[], unknown[]] = [[], []]
  for (const metric of scope.items as Metric[]) {
    const { data } = metric
    if (data.type === 'none') {
      no.push(metric)
      continue
    }
    const [mine, others]: [AnyPoint[], AnyPoint[]] = [[], []]
    for (const point of data.points) (fits(group, scope, point, metric) ? mine : others).push(point)
    const part = (some: AnyPoint[]) => ({ ...metric, data: { ...data, points: some } as MetricData })
    if (mine.length > 0) yes.push(part(mine))
    if (others.length > 0) no.push(part(others))
  }
  return [yes, no]
}
