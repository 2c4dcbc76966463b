import type { Context, Hono } from 'hono'
import { HttpRefusal, readRaw } from '../../http.ts'
import { decodeWriteRequest, type WriteSeries } from '../../remote-write.ts'
import { labelsFrom, labelsText } from '../../series/labels.ts'
import { unsnappy } from '../../snappy.ts'
import type { NewExemplar, Sample, Store } from '../store.ts'

const MAX_BYTES = 32 * 1024 * 1024
const MAX_AHEAD_MS = 600_000

/** /write (remote write 1.0) and the receivers that are refused by name. */
export function addWriteRoutes(api: Hono, store: Store, now: () => number): void {
  api.post('/write', async (c) => {
    const type = c.req.header('content-type') ?? ''
    if (!/^application\/x-protobuf/.test(type) || /proto=io\.prometheus\.write\.v2/.test(type)) {
      return c.text(`${type} protobuf message is not accepted by this server; accepted prometheus.WriteRequest\n`, 415)
    }
    const series = await readRequest(c)
    if (series instanceof Response) return series
    const { samples, exemplars } = collect(series, store)
    const late = samples.findIndex(({ time }) => time > now() + MAX_AHEAD_MS)
    if (late !== -1) return c.text('out of bounds\n', 400)
    const { outOfOrder, duplicate, tooOld } = await store.commit(samples, exemplars)
    if (tooOld > 0) return c.text('too old sample\n', 400)
    if (outOfOrder > 0) return c.text('out of order sample\n', 400)
    if (duplicate > 0) return c.text('duplicate sample for timestamp\n', 400)
    return c.body(null, 204)
  })
  api.post('/otlp/v1/metrics', (c) =>
    c.text('otlp write receiver needs to be enabled with --web.enable-otlp-receiver\n', 404),
  )
  api.post('/read', (c) => c.text('remote read is not in the embedded Prometheus: ask /api/v1/query\n', 404))
}

async function readRequest(c: Context): Promise<WriteSeries[] | Response> {
  try {
    // Snappy in any case, whatever the headers say.
    const series = decodeWriteRequest(unsnappy(await readRaw(c.req.raw, MAX_BYTES), MAX_BYTES))
    for (const { labels } of series) {
      const names = labels.map(([name]) => name)
      if (!names.includes('__name__'))
        throw new RangeError(`invalid metric name or label names, got ${labelsText(labels.flat())}`)
      const twice = names.find((name, i) => names.indexOf(name) !== i)
      if (twice !== undefined)
        throw new RangeError(
          `invalid labels for series, labels ${labelsText(labels.flat())}, duplicated label ${twice}`,
        )
    }
    return series
  } catch (error) {
    if (error instanceof HttpRefusal) return c.text(`${error.message}\n`, error.status as 400)
    return c.text(`${(error as Error).message}\n`, 400)
  }
}

function collect(all: WriteSeries[], store: Store): { samples: Sample[]; exemplars: NewExemplar[] } {
  const samples: Sample[] = []
  const exemplars: NewExemplar[] = []
  for (const entry of all) {
    const series = store.head.getOrCreate(labelsFrom(entry.labels))
    for (const sample of entry.samples) samples.push({ series, ...sample })
    for (const { labels, value, time } of entry.exemplars) {
      exemplars.push({ series, labels: labelsFrom(labels), value, time, timed: true })
    }
  }
  return { samples, exemplars }
}
