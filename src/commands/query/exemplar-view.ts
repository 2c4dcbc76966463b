import type { ExemplarSeries } from '../../backends/prometheus.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { numberText, seriesText } from './metric-view.ts'
import { fullTime } from './times.ts'

/** A row for each exemplar, newest first: its value, and the trace that is an example of what was counted. */
export function renderExemplars(all: readonly ExemplarSeries[], now: number, p: Paint = paint()): string {
  const rows = all
    .flatMap(({ series, exemplars }) => exemplars.map((one) => ({ series, ...one })))
    .sort((a, b) => b.time - a.time)
    .map(({ series, labels, value, time }) => {
      const { trace_id: trace, ...rest } = labels
      return [fullTime(time, now), p.bold(numberText(value)), p.cyan(trace ?? seriesText(rest)), seriesText(series)]
    })
  return renderTable(['TIME', { title: 'VALUE', align: 'right' }, 'TRACE', 'SERIES'], rows, { paint: p })
}

/** The trace of the newest exemplar that names one. */
export function newestTrace(all: readonly ExemplarSeries[]): string | undefined {
  return all
    .flatMap(({ exemplars }) => exemplars)
    .sort((a, b) => b.time - a.time)
    .find(({ labels }) => labels.trace_id !== undefined)?.labels.trace_id
}
