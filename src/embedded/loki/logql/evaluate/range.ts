import type { Grouping, RangeAggregation } from '../ast.ts'
import { quote } from '../go/quote.ts'
import { textsNeeded, valuesNeeded } from '../pipeline/needed.ts'
import { ERROR_LABEL, PRESERVE_ERROR_LABEL } from '../pipeline/reserved.ts'
import type { Labels, Matcher } from '../source.ts'
import { type Context, isTurn, refuse } from './context.ts'
import { createExtractor } from './extract.ts'
import { createSeries, labelsKey, printLabels, type Series, stepAt, withLabel } from './matrix.ts'
import { type Samples, windowFunction } from './windows.ts'

/** The samples of a series; sorted when they have come in the order of time, as those of one stream do. */
interface Collected extends Samples {
  labels: Labels
  sorted: boolean
}

/** A range aggregation at every step. The windows are (T - range, T]. */
export async function evaluateRange(
  expression: RangeAggregation,
  outer: Grouping | undefined,
  context: Context,
): Promise<Series[]> {
  const { operation, parameter, range } = expression
  const all = await collect(expression, outer, context)
  const seconds = Number(range.intervalNanos) / 1e9
  const measure = windowFunction(operation, seconds, parameter, range.unwrap !== undefined)
  const { count } = context.steps
  if (all.length * count > context.maxCells) {
    throw refuse(context, `the query makes ${all.length} series of ${count} steps, which is more than can be held`)
  }
  const result: Series[] = []
  for (const [done, samples] of all.entries()) {
    if (done % 64 === 63) await context.checkpoint()
    if (!samples.sorted) sortByTime(samples)
    const series = createSeries(samples.labels, count)
    const step = Number(context.steps.stepNanos)
    const width = Number(range.intervalNanos)
    let from = 0
    let to = 0
    for (let i = 0; i < count; i++) {
      const end = width + i * step
      while (to < samples.times.length && samples.times[to]! <= end) to++
      while (from < to && samples.times[from]! <= end - width) from++
      if (from === to) continue
      series.values[i] = measure(samples, from, to, end)
      series.has[i] = 1
    }
    checkError(series, context)
    result.push(series)
  }
  return operation === 'absent_over_time' ? absent(result, range.logs.matchers, count) : result
}

async function collect(
  expression: RangeAggregation,
  outer: Grouping | undefined,
  context: Context,
): Promise<Collected[]> {
  const { range } = expression
  const { steps, statistics, source } = context
  const extractor = createExtractor(expression, outer, context.around)
  // Time zero is the (excluded) lower bound of the first window.
  const zero = steps.startNanos - range.offsetNanos - range.intervalNanos
  const last = stepAt(steps, steps.count - 1) - range.offsetNanos
  const width = Number(range.intervalNanos)
  const step = Number(steps.stepNanos)
  const gaps = steps.count > 1 && width < step
  const byKey = new Map<string, Collected>()
  let samples = 0
  const streams = source.select({
    matchers: range.logs.matchers,
    startNanos: zero + 1n,
    endNanos: last + 1n,
    direction: 'forward',
    contains: textsNeeded(range.logs),
    ...valuesNeeded(range.logs),
  })
  for (const stream of streams) {
    const extract = extractor.forStream(stream.labels)
    let own: Collected | undefined
    for (const entry of stream.entries()) {
      if (entry === undefined || isTurn(context, entry.line)) {
        const pause = context.checkpoint()
        if (pause !== undefined) await pause
      }
      if (entry === undefined) continue
      const time = Number(entry.nanos - zero)
      if (gaps && (time - 1) % step >= width) continue
      statistics.linesProcessed++
      statistics.bytesProcessed += entry.line.length
      const found = extract(entry)
      if (found === undefined) continue
      statistics.linesFound++
      if (++samples > context.maxSamples) {
        throw refuse(
          context,
          `the query reads more than ${context.maxSamples} samples; narrow its time or its selector`,
        )
      }
      let series: Collected
      if (found.labels.unchanged || (extractor.single && found.labels.error === '')) {
        // The stream's own series, or the only one: no need to look at the labels again.
        own ??= seriesFor(byKey, extractor.seriesOf(found.labels))
        series = own
      } else series = seriesFor(byKey, extractor.seriesOf(found.labels))
      const { times } = series
      if (times.length > 0 && times[times.length - 1]! > time) series.sorted = false
      times.push(time)
      if (!extractor.counts) series.values.push(found.value)
    }
  }
  return [...byKey.values()]
}

function seriesFor(byKey: Map<string, Collected>, labels: Labels): Collected {
  const key = labelsKey(labels)
  let series = byKey.get(key)
  if (series === undefined) {
    series = { labels, times: [], values: [], sorted: true }
    byKey.set(key, series)
  }
  return series
}

/** Of several streams in one series; samples of one time keep their order. */
function sortByTime(samples: Collected): void {
  const { times, values } = samples
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b)
  samples.times = Array.from(order, (i) => times[i]!)
  if (values.length > 0) samples.values = Array.from(order, (i) => values[i]!)
}

/** Errors are not allowed in metrics, unless the query asks for them. */
function checkError({ labels, has }: Series, context: Context): void {
  const error = labels.find(([name]) => name === ERROR_LABEL)?.[1]
  if (error === undefined || !has.includes(1)) return
  if (labels.some(([name, value]) => name === PRESERVE_ERROR_LABEL && value === 'true')) return
  throw refuse(
    context,
    `pipeline error: '${error}' for series: '${printLabels(labels, quote)}'.\n` +
      `Use a label filter to intentionally skip this error. (e.g | __error__!="${error}").\n` +
      'To skip all potential errors you can match empty errors.(e.g __error__="")\n' +
      'The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n',
  )
}

/** 1 at the steps where nothing is; its labels are what the selector says for certain. */
function absent(found: readonly Series[], matchers: readonly Matcher[], count: number): Series[] {
  let labels: Labels = []
  for (const { name, operator, value } of matchers) {
    if (operator === '=' && !labels.some(([n]) => n === name)) labels = withLabel(labels, name, value)
  }
  const certain = labels.filter(([name]) => {
    const all = matchers.filter((m) => m.name === name)
    return all.length === 1 && all[0]!.operator === '='
  })
  const series = createSeries(certain, count)
  for (let i = 0; i < count; i++) {
    if (found.some(({ has }) => has[i] === 1)) continue
    series.values[i] = 1
    series.has[i] = 1
  }
  return [series]
}
