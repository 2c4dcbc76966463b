import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Hono } from 'hono'
import type { Signal } from '../../../otlp/types.ts'
import type { Build, Consumer, Payload } from '../component.ts'
import { page } from '../listen.ts'
import { createSampler, type Logger } from '../logger.ts'
import { createSender, PULLED } from '../sending/sender.ts'
import { createAccumulator } from './prometheus/accumulator.ts'
import { negotiate } from './prometheus/escape.ts'
import { gather, type KnownFamilies } from './prometheus/gather.ts'
import { resourceLabels } from './prometheus/resource-labels.ts'
import { settingsOf } from './prometheus/settings.ts'
import { createShown } from './prometheus/shown.ts'
import { formatFamilies } from './prometheus/text.ts'

/** So many of the newest runs are told of when the page is fetched. */
const MAX_RUNS = 64

/**
 * Keeps the last value of every series and serves them on `/metrics`. Who fetches the page does not say who he is, so
 * that nothing counts as delivered by it: after a crash the journal brings back what the page was made of.
 */
export function createPrometheus(build: Build, signal: Signal): Consumer {
  const { config, network, tap } = build
  const s = config.settings
  const logger = once(build.logger)
  const settings = settingsOf(s, logger)
  const accumulator = createAccumulator(s.metric_expiration, logger)
  const known: KnownFamilies = new Map()
  const convert = resourceLabels(s)
  const shown = createShown()
  let timer: NodeJS.Timeout | undefined
  /** Whose data the page is made of, and when they last sent some. */
  const runs = new Map<string, number>()

  const expire = () => {
    const oldest = Date.now() - s.metric_expiration
    shown.expire(oldest)
    accumulator.collect()
    for (const [name, { seenMs }] of known) if (seenMs < oldest) known.delete(name)
    for (const [run, atMs] of runs) if (atMs < oldest) runs.delete(run)
  }

  const place = { signal, kind: 'exporter', id: config.id, protocol: PULLED } as const
  const noteRun = (run: string, atMs: number) => {
    runs.delete(run)
    runs.set(run, atMs)
    if (runs.size > MAX_RUNS) runs.delete(runs.keys().next().value!)
  }

  const app = new Hono()
  app.get('/metrics', async (c) => {
    expire()
    const form = negotiate(c.req.header('accept') ?? '', s.enable_open_metrics)
    const text = formatFamilies(gather(accumulator.collect(), known, settings, logger), form)
    const peer = c.req.header('user-agent') ?? 'somebody'
    tap.fetched(place, { text, samples: samplesIn(text), peer, runs: [...runs.keys()] })
    const type = form.openMetrics ? 'application/openmetrics-text' : 'text/plain'
    const headers = { 'content-type': `${type}; version=${form.version}; charset=utf-8; escaping=${form.escaping}` }
    if (!(c.req.header('accept-encoding') ?? '').includes('gzip')) return c.body(text, 200, headers)
    const zipped = await promisify(gzip)(text)
    return c.body(zipped as Uint8Array<ArrayBuffer>, 200, { ...headers, 'content-encoding': 'gzip' })
  })
  app.notFound((c) => c.text('404 page not found\n', 404))
  const server = page(network, s.endpoint, app)

  return createSender(build, signal, {
    queue: s.sending_queue,
    protocol: PULLED,
    async start() {
      await server.start()
      timer = setInterval(expire, Math.max(1_000, s.metric_expiration))
      timer.unref()
    },
    async push(payload) {
      const metrics = payload as Extract<Payload, { signal: 'metrics' }>
      const atMs = Date.now()
      payload.delivery.retain()
      shown.add(payload.delivery, accumulator.add(convert(metrics.data)), atMs)
      for (const run of payload.delivery.runs ?? []) noteRun(run, atMs)
    },
    async stop() {
      clearInterval(timer)
      await server.stop()
    },
  })
}

const samplesIn = (text: string) => text.match(/^[^#\n]/gm)?.length ?? 0

/** The same complaint comes back with every scrape; once in ten minutes is enough to be read. */
function once(logger: Logger): Logger {
  const keep = createSampler({ tickMs: 600_000, initial: 1, thereafter: 0 })
  const said = (say: Logger['info']) => (message: string, fields?: Record<string, unknown>) => {
    if (keep(`${message}${JSON.stringify(fields ?? {})}`, Date.now())) say(message, fields)
  }
  return { ...logger, info: said(logger.info), warn: said(logger.warn), error: said(logger.error) }
}
