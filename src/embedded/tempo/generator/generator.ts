import type { TracesData } from '../../../otlp/types.ts'
import type { Network } from '../../network.ts'
import { createPoster } from '../../post.ts'
import { encodeWriteRequest, WRITE_HEADERS } from '../../remote-write.ts'
import { snappy } from '../../snappy.ts'
import type { GeneratorSettings } from './config.ts'
import { EdgeStore } from './edges.ts'
import { countEdge, countSpans } from './processors.ts'
import { Registry } from './series.ts'

export interface Generator {
  /** Counts what has just been taken in. */
  observe(data: TracesData): void
  stop(): Promise<void>
}

/** How often half edges are looked through. */
const EXPIRY_MS = 2000

const TIMEOUT_MS = 10_000

/**
 * Tempo's metrics generator in small: service graphs and span metrics, sent to Prometheus by remote write. Unlike the
 * real one it has no log of what could not be sent: its counters only grow, so the next request says it all.
 */
export function startGenerator(
  settings: GeneratorSettings,
  service: string,
  network: Network,
  log: (level: string, message: string, fields?: Record<string, unknown>) => void,
): Generator {
  for (const name of settings.unknown) log('warn', 'the embedded Tempo has no such processor', { processor: name })
  const { graphs, spans } = settings
  const registry = new Registry({
    ...settings,
    // Tells generators apart, where there are several.
    externalLabels: [...settings.externalLabels, ['__metrics_gen_instance', service]],
  })
  const edges = graphs && new EdgeStore(graphs, (edge) => countEdge(registry, edge, graphs, Date.now()))
  const poster = createPoster(network, service)
  let failing = false
  let crowded = false
  /** Undefined when it arrived; `final` when it will not help to send the same again. */
  const write = async (url: string, body: Uint8Array) => {
    const headers = { ...WRITE_HEADERS, 'user-agent': 'otel-lab-tempo' }
    try {
      const answer = await poster.post(url, headers, body, AbortSignal.timeout(TIMEOUT_MS))
      if (answer.status >= 200 && answer.status < 300) return undefined
      const text = Buffer.from(answer.body).toString('utf8').trim()
      const final = answer.status >= 400 && answer.status < 500 && answer.status !== 429
      return { message: `server returned HTTP status ${answer.status}: ${text}`, final }
    } catch (error) {
      return { message: (error as Error).message, final: false }
    }
  }
  const send = async () => {
    const { series: all, sent } = registry.collect(Date.now())
    if (all.length === 0) return
    const dropped = { series: registry.dropped, edges: edges?.dropped ?? 0 }
    const isCrowded = dropped.series + dropped.edges > 0
    if (isCrowded && !crowded) log('warn', 'too much at once; some series or edges are not counted', dropped)
    crowded = isCrowded
    const body = snappy(encodeWriteRequest(all))
    const answers = await Promise.all(settings.urls.map((url) => write(url, body)))
    const refused = answers.find((answer) => answer !== undefined)
    if (answers.every((answer) => answer === undefined || answer.final)) sent()
    if (refused && !failing) log('warn', 'remote write failed', { err: refused.message })
    if (!refused && failing) log('info', 'remote write works again')
    failing = refused !== undefined
  }
  let sending: Promise<void> | undefined
  const once = () => {
    sending ??= send().finally(() => {
      sending = undefined
    })
    return sending
  }
  const timers = [
    setInterval(() => edges?.expire(Date.now()), EXPIRY_MS),
    setInterval(once, settings.collectionInterval),
  ]
  return {
    observe(data) {
      const now = Date.now()
      edges?.add(data, now)
      if (spans) countSpans(registry, data, spans, now)
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await sending
      poster.close()
    },
  }
}
