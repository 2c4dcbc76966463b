import type { TempoSeries } from '../../backends/tempo-answers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderMatrix, renderVector } from './metric-view.ts'
import { valueText } from './trace-list-view.ts'

/** TraceQL metrics, shown as Prometheus's are. */
export function renderSeries(series: readonly TempoSeries[], p: Paint = paint()): string {
  const named = series.map(({ labels, ...rest }) => ({
    ...rest,
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, valueText(value)])),
  }))
  const instant = named.flatMap(({ labels, value }) => (value === undefined ? [] : [{ labels, value, time: 0 }]))
  return instant.length > 0 ? renderVector(instant, p) : renderMatrix(named, p)
}
