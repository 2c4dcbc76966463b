import type { TracesData } from '../../../otlp/types.ts'
import type { Network } from '../../network.ts'
import type { GeneratorSettings } from './config.ts'
import { EdgeStore } from './edges.ts'
import { countEdge, countSpans } from './processors.ts'
import { post } from './remote-write.ts'
import { Registry } from './series.ts'

export interface Generator {
  /** Counts what has just been taken in. */
  observe(data: TracesData): void
  stop(): Promise<void>
}

/** How often half edges are looked through. */
const EXPIRY_MS = 2000

/**
 * Tempo's metrics generator in small: service graphs and span metrics, sent to Prometheus by remote write. Unlike the real one it has
 * no log of what could not be sent: its counters only grow, so the next request says it all.
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
  let failing = false
  let crowded = false
  const send = async () => {
    const { series: all, sent } = registry.collect(Date.now())
    if (all.length === 0) return
    if (registry.dropped > 0 && !crowded)
      log('warn', 'too many series; new ones are not counted', { series: all.length })
    crowded = registry.dropped > 0
    const answers = await Promise.all(
      settings.urls.map((text) => {
        const url = new URL(text)
        const address = network.resolve(service, url.hostname, Number(url.port) || 80)
        return address ? post(url, address, all) : { message: `dial tcp ${url.host}: connection refused`, final: false }
      }),
    )
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
    },
  }
}
