import { type MapEntry, type MapNode, plainOf } from '../node.ts'
import { formatPath } from '../patch/path.ts'
import { mentionsOf, removeComponent } from '../patch/rename.ts'
import { applyEdits, type Edit } from '../patch.ts'
import { child, componentsOf, type Finding, freeId, textAt, typeAndName } from './finding.ts'

/** The `spanmetrics` processor -> a connector between the traces pipelines and a metrics pipeline. */
export function spanMetricsRules(root: MapNode): Finding[] {
  return componentsOf(root, 'processors')
    .filter(([id]) => typeAndName(id)[0] === 'spanmetrics')
    .map(([id, entry]) => {
      const [, name] = typeAndName(id)
      const to = freeId(root, 'connectors', name === '' ? 'span_metrics' : `span_metrics/${name}`, 'span_metrics/old')
      return {
        at: entry.keyAt,
        what: `processor ${id} is now connector ${to}: an exporter of the traces pipeline, a receiver of the metrics pipeline`,
        why: 'the spanmetrics processor was removed in favour of the connector',
        since: '0.96.0',
        apply: (text: string) => toConnector(text, root, id, to, entry),
      }
    })
}

/** Keys that the connector has under the same name. */
const SAME = ['dimensions', 'dimensions_cache_size', 'aggregation_temporality', 'namespace']

function toConnector(text: string, root: MapNode, id: string, to: string, entry: MapEntry): string {
  const settings: Record<string, unknown> = {}
  for (const key of SAME) {
    const value = child(entry.value, key)
    if (value !== undefined) settings[key] = plainOf(value)
  }
  const buckets = child(entry.value, 'latency_histogram_buckets')
  settings.histogram = { unit: 'ms', ...(buckets && { explicit: { buckets: plainOf(buckets) } }) }

  const traces = mentionsOf(text, 'processors', id).map(({ list }) => list[2]!)
  const target = metricsPipeline(root, textAt(entry.value, 'metrics_exporter'))
  const edits: Edit[] = [
    ...Object.entries(settings).map(([key, value]): Edit => {
      return { op: 'set', path: formatPath(['connectors', to, key]), value: JSON.stringify(value) }
    }),
    ...traces.map((pipeline): Edit => {
      return { op: 'add', path: formatPath(['service', 'pipelines', pipeline, 'exporters']), value: to }
    }),
    { op: 'add', path: formatPath(['service', 'pipelines', target.id, 'receivers']), value: to },
    ...target.exporters.map((exporter): Edit => {
      return { op: 'add', path: formatPath(['service', 'pipelines', target.id, 'exporters']), value: exporter }
    }),
  ]
  return applyEdits(removeComponent(text, 'processors', id), edits)
}

/** The metrics pipeline that has the exporter, else the first, else a new one. */
function metricsPipeline(root: MapNode, exporter: string | undefined): { id: string; exporters: string[] } {
  const pipelines = child(root, 'service', 'pipelines')
  const metrics =
    pipelines?.kind === 'map' ? [...pipelines.entries].filter(([id]) => typeAndName(id)[0] === 'metrics') : []
  const has = metrics.find(([, { value }]) => {
    const list = child(value, 'exporters')
    return list?.kind === 'list' && list.items.some((item) => item.kind === 'scalar' && item.value === exporter)
  })
  const found = has ?? metrics[0]
  if (found !== undefined) return { id: found[0], exporters: [] }
  return { id: 'metrics/spanmetrics', exporters: exporter === undefined ? [] : [exporter] }
}
