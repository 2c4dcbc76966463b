import { formatFloat, formatTwoDigits } from '../../../../util/go-format.ts'
import type { Span } from '../ast.ts'
import { quote } from '../go-text.ts'

/** More than so many of a kind are only counted, as the real API does. */
const MAX_SHOWN = 10

interface ForcedMonotonicity {
  minTime: number
  maxTime: number
  minBucket: number
  maxBucket: number
  maxDiff: number
  samples: number
}

interface Annotation {
  level: 'warning' | 'info'
  text: string
  span: Span
  forced?: ForcedMonotonicity
}

/** What a query's author should know about an answer that was given all the same (util/annotations). */
export class Annotations {
  readonly #all = new Map<string, Annotation>()

  #add(level: 'warning' | 'info', text: string, span: Span): void {
    this.#all.set(text, { level, text: `PromQL ${level}: ${text}`, span })
  }

  invalidQuantile(q: number, span: Span): void {
    this.#add('warning', `quantile value should be between 0 and 1, got ${formatFloat(q)}`, span)
  }

  badBucketLabel(metric: string, le: string, span: Span): void {
    const text = `bucket label "le" is missing or has a malformed value of ${quote(le)}`
    this.#add('warning', text + forMetric(metric), span)
  }

  sortInRangeQuery(span: Span): void {
    this.#add('warning', 'sort is ineffective for range queries since results are always ordered by labels', span)
  }

  possibleNonCounter(metric: string, span: Span): void {
    const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:'
    this.#add('info', `${text} ${quote(metric)}`, span)
  }

  /** Of the same metric these add up. */
  forcedMonotonicity(
    metric: string,
    time: number,
    range: { min: number; max: number; diff: number },
    span: Span,
  ): void {
    const docs = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile'
    const text = `input to histogram_quantile needed to be fixed for monotonicity (see ${docs})${forMetric(metric)}`
    const before = this.#all.get(text)?.forced
    const forced = {
      minTime: Math.min(time, before?.minTime ?? time),
      maxTime: Math.max(time, before?.maxTime ?? time),
      minBucket: Math.min(range.min, before?.minBucket ?? range.min),
      maxBucket: Math.max(range.max, before?.maxBucket ?? range.max),
      maxDiff: Math.max(range.diff, before?.maxDiff ?? range.diff),
      samples: 1 + (before?.samples ?? 0),
    }
    this.#all.set(text, { level: 'info', text: `PromQL info: ${text}`, span, forced })
  }

  /** With line and column, as the API shows them. `place` tells where in the query an offset lies. */
  texts(level: 'warning' | 'info', place: (offset: number) => string): string[] {
    const all = [...this.#all.values()].filter((annotation) => annotation.level === level)
    const shown = all
      .slice(0, MAX_SHOWN)
      .map((annotation) => `${details(annotation)} (${place(annotation.span.start)})`)
    if (all.length > MAX_SHOWN) shown.push(`${all.length - MAX_SHOWN} more ${level} annotations omitted`)
    return shown
  }
}

const forMetric = (metric: string) => (metric === '' ? '' : ` for metric name ${quote(metric)}`)

function details({ text, forced }: Annotation): string {
  if (forced === undefined) return text
  const { minBucket, maxBucket, maxDiff, samples, minTime, maxTime } = forced
  const time = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  const buckets = `from buckets ${formatFloat(minBucket)} to ${formatFloat(maxBucket)}`
  const diff = `with a max diff of ${formatTwoDigits(maxDiff)}`
  return `${text}, ${buckets}, ${diff}, over ${samples} samples from ${time(minTime)} to ${time(maxTime)}`
}
