import type { Context, Hono } from 'hono'
import { labelsText } from '../labels.ts'
import type { Labels, Matcher } from '../logql/source.ts'
import { entrySize } from '../store/chunk-file.ts'
import type { LogStream } from '../store/stream.ts'
import { NO_STATISTICS, statistics } from './answers.ts'
import { checkBounds, checkpointFor } from './guard.ts'
import { type Bounds, earlier, intParam, orderedBounds, type Params, refuse, stepParam } from './params.ts'
import type { AppParts } from './parts.ts'
import { paramsOf } from './query.ts'

/** Lines and bytes of a stream in a window: whole where a block lies inside, by share of time where it sticks out. */
function weigh(stream: LogStream, { startNanos, endNanos }: Bounds) {
  const sum = { chunks: 0, entries: 0, bytes: 0 }
  const add = (min: bigint, max: bigint, entries: number, bytes: number) => {
    if (max < startNanos || min > endNanos) return
    const from = min > startNanos ? min : startNanos
    const to = max < endNanos ? max : endNanos
    const share = max === min ? 1 : Number(to - from) / Number(max - min)
    sum.chunks++
    sum.entries += Math.round(entries * share)
    sum.bytes += Math.round(bytes * share)
  }
  for (const { minNanos, maxNanos, count, bytes } of stream.blocks) add(minNanos, maxNanos, count, bytes)
  for (const part of [stream.cutting, stream.head]) {
    if (part.length === 0) continue
    const inside = part.filter(({ nanos }) => nanos >= startNanos && nanos <= endNanos)
    if (inside.length === 0) continue
    sum.chunks++
    sum.entries += inside.length
    for (const entry of inside) sum.bytes += entrySize(entry)
  }
  return sum
}

/** /index/stats, /index/volume and /index/volume_range: how much there is, without reading it. */
export function addVolumeRoutes(app: Hono, parts: AppParts): void {
  const { logql, store, limits, now } = parts
  const matchersOf = ({ query }: Params): Matcher[] =>
    query.replaceAll(' ', '') === '{}' ? [] : logql.parseMatchers(query)

  app.on(['GET', 'POST'], '/loki/api/v1/index/stats', async (c) => {
    const params = await paramsOf(c, now)
    const bounds = checkBounds(orderedBounds(params), limits, params.nowNanos)
    const total = { streams: 0, chunks: 0, entries: 0, bytes: 0 }
    for (const stream of store.matching(matchersOf(params), bounds.startNanos, bounds.endNanos + 1n)) {
      const { chunks, entries, bytes } = weigh(stream, bounds)
      total.streams++
      total.chunks += chunks
      total.entries += entries
      total.bytes += bytes
    }
    return c.json(total)
  })

  const volumes = async (c: Context, stepOf: (params: Params, bounds: Bounds) => bigint) => {
    if (!limits.volumeEnabled) return c.text('not found\n', 404)
    const params = await paramsOf(c, now)
    const limit = intParam(params, 'limit', 100) || 100
    if (limit < 0) refuse('limit must be a positive value')
    const by = params.form.get('aggregateBy') || 'series'
    if (by !== 'series' && by !== 'labels') refuse('invalid aggregation option')
    const bounds = checkBounds(orderedBounds(params), limits, params.nowNanos)
    const targets = (params.form.get('targetLabels') ?? '').split(',').filter((name) => name !== '')
    const matchers = matchersOf(params)
    const names = new Set(targets.length > 0 ? targets : matchers.map(({ name }) => name))
    const wanted = (labels: Labels) => labels.filter(([name]) => names.size === 0 || names.has(name))
    const step = stepOf(params, bounds)
    const samples = new Map<string, { metric: Labels; values: [bigint, number][] }>()
    const streams = [...store.matching(matchers, bounds.startNanos, bounds.endNanos)]
    const checkpoint = checkpointFor(c.req.raw.signal, limits)
    // Buckets end on multiples of the step, as Loki's splits do.
    for (let from = bounds.startNanos; from < bounds.endNanos; ) {
      const next = from - (from % step) + step
      const to = earlier(next, bounds.endNanos)
      const bucket = new Map<string, { metric: Labels; bytes: number }>()
      const add = (key: string, metric: Labels, bytes: number) => {
        const old = bucket.get(key)
        if (old === undefined) bucket.set(key, { metric, bytes })
        else old.bytes += bytes
      }
      await checkpoint()
      for (const stream of streams) {
        const { bytes } = weigh(stream, { startNanos: from, endNanos: to - 1n })
        if (bytes === 0) continue
        const labels = wanted(stream.labels)
        if (by === 'series') add(labelsText(labels), labels, bytes)
        else for (const [name] of targets.length > 0 ? labels : stream.labels) add(name, [[name, '']], bytes)
      }
      const largest = [...bucket].sort(([a, x], [b, y]) => y.bytes - x.bytes || (a < b ? -1 : 1)).slice(0, limit)
      for (const [key, { metric, bytes }] of largest) {
        const series = samples.get(key) ?? { metric, values: [] }
        series.values.push([to, bytes])
        samples.set(key, series)
      }
      from = to
    }
    if (samples.size > limits.volumeMaxSeries) {
      refuse(`the query hit the max number of series limit (limit: ${limits.volumeMaxSeries} series)`)
    }
    const sorted = [...samples].sort(([a, x], [b, y]) => y.values[0]![1] - x.values[0]![1] || (a < b ? -1 : 1))
    return { series: sorted.map(([, one]) => one) }
  }
  const point = ([nanos, bytes]: [bigint, number]) => [Number(nanos / 1_000_000n) / 1000, String(bytes)]
  const stats = statistics(NO_STATISTICS, 0, 0)

  app.on(['GET', 'POST'], '/loki/api/v1/index/volume', async (c) => {
    const answer = await volumes(c, (_, { endNanos }) => endNanos + 1n)
    if (answer instanceof Response) return answer
    const result = answer.series.map(({ metric, values }) => ({
      metric: Object.fromEntries(metric),
      value: point(values[0]!),
    }))
    return c.json({ status: 'success', data: { resultType: 'vector', result, stats } })
  })

  app.on(['GET', 'POST'], '/loki/api/v1/index/volume_range', async (c) => {
    const answer = await volumes(c, stepParam)
    if (answer instanceof Response) return answer
    const result = answer.series.map(({ metric, values }) => ({
      metric: Object.fromEntries(metric),
      values: values.map(point),
    }))
    return c.json({ status: 'success', data: { resultType: 'matrix', result, stats } })
  })
}
