import type { Labels, MatrixSeries, MetricResult, VectorSample } from '../../backends/prom-values.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { sparkline } from '../../ui/sparkline.ts'
import { renderTable } from '../../ui/table.ts'
import { shortTime } from './times.ts'

/** `name{a="b"}`, as one would type it. */
export function seriesText(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name
}

/** What every series has in common is said once, above. */
function split(all: readonly Labels[]): { common: Labels; own: Labels[] } {
  if (all.length < 2) return { common: {}, own: [...all] }
  const common = Object.entries(all[0]!).filter(([key, value]) => all.every((labels) => labels[key] === value))
  const shared = new Set(common.map(([key]) => key))
  return {
    common: Object.fromEntries(common),
    own: all.map((labels) => Object.fromEntries(Object.entries(labels).filter(([key]) => !shared.has(key)))),
  }
}

function withCommon(labels: readonly Labels[], p: Paint, table: (own: Labels[]) => string): string {
  const { common, own } = split(labels)
  const head = Object.keys(common).length > 0 ? `${p.dim('all have')} ${p.cyan(seriesText(common))}\n` : ''
  return head + table(own)
}

export const numberText = (value: number): string =>
  Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(6)))

export function renderVector(samples: readonly VectorSample[], p: Paint = paint()): string {
  return withCommon(
    samples.map(({ labels }) => labels),
    p,
    (own) =>
      renderTable(
        ['SERIES', { title: 'VALUE', align: 'right' }],
        samples.map(({ value }, i) => [p.cyan(seriesText(own[i]!)), p.bold(numberText(value))]),
        { paint: p },
      ),
  )
}

/** A row for each series: how it went, and where it stands. */
export function renderMatrix(series: readonly MatrixSeries[], p: Paint = paint()): string {
  return withCommon(
    series.map(({ labels }) => labels),
    p,
    (own) =>
      renderTable(
        [
          'SERIES',
          ...['POINTS', 'MIN', 'MAX', 'LAST'].map((title) => ({ title, align: 'right' as const })),
          'AT',
          'COURSE',
        ],
        series.map(({ samples }, i) => {
          const values = samples.map(({ value }) => value)
          const last = samples.at(-1)
          const finite = values.filter(Number.isFinite)
          return [
            p.cyan(seriesText(own[i]!)),
            String(values.length),
            finite.length > 0 ? numberText(finite.reduce((a, b) => Math.min(a, b))) : '',
            finite.length > 0 ? numberText(finite.reduce((a, b) => Math.max(a, b))) : '',
            last ? p.bold(numberText(last.value)) : '',
            last ? p.dim(shortTime(last.time)) : '',
            p.green(sparkline(values)),
          ]
        }),
        { paint: p },
      ),
  )
}

export function renderMetric(result: MetricResult, p: Paint = paint()): string {
  if (result.type === 'vector') return renderVector(result.samples, p)
  if (result.type === 'matrix') return renderMatrix(result.series, p)
  return result.type === 'scalar' ? p.bold(numberText(result.sample.value)) : result.text
}

export function isEmpty(result: MetricResult): boolean {
  if (result.type === 'vector') return result.samples.length === 0
  return result.type === 'matrix' && result.series.length === 0
}
