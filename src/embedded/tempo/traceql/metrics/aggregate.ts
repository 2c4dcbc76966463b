import { type Attribute, attribute, float, type MetricsAggregate, NIL, type Static, string } from '../ast.ts'
import type { FetchedSpan } from '../evaluate/fetched.ts'
import { toFloat } from '../evaluate/operate.ts'
import { staticKey } from '../evaluate/pipeline.ts'
import { printAttribute } from '../print.ts'
import { type Accumulator, counter, extreme, summed } from './accumulate.ts'
import { ExemplarRoom, exemplarLabels } from './exemplars.ts'
import { type Buckets, bucketOf, quantile } from './histogram.ts'
import type { Intervals } from './intervals.ts'
import { keyOf, type Label, METRIC_NAME, type Series, type SeriesSet } from './series.ts'

/** Turns spans into series; one for each query of a metrics expression. */
export interface SpanObserver {
  observe(span: FetchedSpan, interval: number): void
  exemplar(span: FetchedSpan): void
  result(): SeriesSet
}

interface Group {
  labels: Label[]
  values: Accumulator
  room: ExemplarRoom
}

/** What a bound on the number of series throws. */
export type SeriesGuard = (series: number) => void

/** `rate()`, `sum_over_time()` and so on, with `by()`. */
export class AggregateObserver implements SpanObserver {
  readonly #m: MetricsAggregate
  readonly #intervals: Intervals
  readonly #exemplars: number
  readonly #guard: SeriesGuard
  readonly #by: { name: string; lookups: Attribute[] }[]
  readonly #groups = new Map<string, Group>()
  readonly #bucketed: boolean

  constructor(m: MetricsAggregate, intervals: Intervals, exemplars: number, guard: SeriesGuard) {
    this.#m = m
    this.#intervals = intervals
    this.#exemplars = exemplars
    this.#guard = guard
    this.#bucketed = m.op === 'histogram_over_time' || m.op === 'quantile_over_time'
    this.#by = m.by.map((a) => ({
      name: printAttribute(a),
      lookups:
        a.scope === 'none' && a.intrinsic === undefined
          ? [attribute('span', a.name), attribute('resource', a.name)]
          : [a],
    }))
    // Without by() there is a series even when there are no spans.
    if (this.#by.length === 0 && !this.#bucketed) this.#group([])
  }

  observe(span: FetchedSpan, interval: number): void {
    this.#of(span)?.values.add(interval, this.#number(span))
  }

  exemplar(span: FetchedSpan): void {
    const { op } = this.#m
    const plain = op === 'rate' || op === 'count_over_time' || op === 'histogram_over_time'
    this.#of(span)?.room.add({
      labels: exemplarLabels(span),
      value: plain ? Number.NaN : this.#number(span),
      timestampMs: Number(span.span.startNanos / 1_000_000n),
    })
  }

  result(): SeriesSet {
    const set: SeriesSet = new Map()
    for (const { labels, values, room } of this.#groups.values()) {
      const series: Series = { labels, values: values.values(), exemplars: room.list }
      set.set(keyOf(labels), series)
    }
    return this.#m.op === 'quantile_over_time' ? quantiles(set, this.#m.quantiles) : set
  }

  /** undefined where a span has no bucket, and so is not counted. */
  #of(span: FetchedSpan): Group | undefined {
    const values = this.#by.map(({ lookups }) => {
      for (const a of lookups) {
        const found = span.attribute(a)
        if (found !== undefined) return found
      }
      return NIL
    })
    if (!this.#bucketed) return this.#group(values)
    const value = this.#value(span)
    const number = toFloat(value)
    const bucket = value.type === 'float' || Number.isNaN(number) ? undefined : bucketOf(number)
    if (bucket === undefined) return undefined
    return this.#group([...values, float(value.type === 'duration' ? bucket / 1e9 : bucket)])
  }

  #value(span: FetchedSpan): Static {
    const { attribute: a } = this.#m
    if (a === undefined) return NIL
    return a.intrinsic === 'duration'
      ? { node: 'static', type: 'duration', value: span.span.durationNanos }
      : (span.attribute(a) ?? NIL)
  }

  /** Durations in seconds. */
  #number(span: FetchedSpan): number {
    const { attribute: a } = this.#m
    if (a?.intrinsic === 'duration') return Number(span.span.durationNanos) / 1e9
    return a === undefined ? Number.NaN : toFloat(span.attribute(a) ?? NIL)
  }

  #group(values: Static[]): Group {
    const key = values.map(staticKey).join('\n')
    const known = this.#groups.get(key)
    if (known !== undefined) return known
    this.#guard(this.#groups.size + 1)
    const group = {
      labels: this.#labels(values),
      values: this.#accumulator(),
      room: new ExemplarRoom(this.#exemplars, this.#intervals),
    }
    this.#groups.set(key, group)
    return group
  }

  /** What has no value is left out; where nothing has one, the first stays, so that there is a label. */
  #labels(values: Static[]): Label[] {
    if (values.length === 0) return [{ name: METRIC_NAME, value: string(this.#m.op) }]
    const names = [...this.#by.map(({ name }) => name), '__bucket']
    const labels = values.map((value, i) => ({ name: names[i]!, value })).filter(({ value }) => value.type !== 'nil')
    return labels.length > 0 ? labels : [{ name: names[0]!, value: NIL }]
  }

  #accumulator(): Accumulator {
    const { count, window } = this.#intervals
    switch (this.#m.op) {
      case 'rate': {
        const seconds = Number(window.instant ? window.endNanos - window.startNanos : window.stepNanos) / 1e9
        return counter(count, 1 / seconds)
      }
      case 'min_over_time':
        return extreme(count, 'min')
      case 'max_over_time':
        return extreme(count, 'max')
      case 'sum_over_time':
        return summed(count, false)
      case 'avg_over_time':
        return summed(count, true)
      default:
        return counter(count, 1)
    }
  }
}

/** Series of buckets to series of quantiles, labelled `p`. */
function quantiles(buckets: SeriesSet, wanted: number[]): SeriesSet {
  const merged = new Map<string, { labels: Label[]; intervals: Buckets[]; series: Series[] }>()
  const overall: Buckets = new Map()
  for (const series of buckets.values()) {
    const bucket = toFloat(series.labels.at(-1)!.value)
    const labels = series.labels.slice(0, -1)
    const key = keyOf(labels)
    const entry = merged.get(key) ?? {
      labels,
      intervals: Array.from(series.values, (): Buckets => new Map()),
      series: [] as Series[],
    }
    merged.set(key, entry)
    entry.series.push(series)
    series.values.forEach((count, i) => {
      if (count === 0) return
      entry.intervals[i]!.set(bucket, count)
      overall.set(bucket, (overall.get(bucket) ?? 0) + count)
    })
  }
  const levels = wanted.map((q) => quantile(q, overall))
  const set: SeriesSet = new Map()
  for (const { labels, intervals, series } of merged.values()) {
    const exemplars = series.flatMap((s) => s.exemplars)
    wanted.forEach((q, i) => {
      const own = [...labels, { name: 'p', value: float(q) }]
      set.set(keyOf(own), {
        labels: own,
        values: Float64Array.from(intervals, (b) => quantile(q, b)),
        exemplars: exemplars.filter(({ value }) => closest(levels, value) === i),
      })
    })
  }
  return set
}

function closest(levels: number[], value: number): number {
  let best = -1
  for (const [i, level] of levels.entries()) {
    if (best < 0 || Math.abs(value - level) < Math.abs(value - levels[best]!)) best = i
  }
  return best
}
