import { type CollectorCounter, counterOf, givenUp, turnedAway } from '../backends/collector-counters.ts'
import type { Backends } from '../backends.ts'
import { type CollectorConfig, wayOutOf } from '../collector-config.ts'
import type { Endpoints, Engine } from '../engine.ts'
import type { Signal } from '../util/signal.ts'

/** How an arrow of the network does: `idle` is sound, but nothing has come along yet. */
export type ArrowState = 'ok' | 'idle' | 'failing' | 'unknown'

export interface Arrow {
  from: string
  to: string
  signal: Signal | 'queries'
  /** Such as `OTLP/gRPC`. */
  protocol: string
  /** As the config writes it, and where that really is. */
  address: string
  state: ArrowState
  /** What that is known from. */
  said: string
  /** Whoever is at the far end of the arrow fetches: it begins the connection. */
  pulled?: boolean
}

export interface Topology {
  arrows: Arrow[]
  /** Receivers and exporters that stand in no pipeline. */
  unused: string[]
}

interface Sources {
  engine: Pick<Engine, 'kind'>
  endpoints: Endpoints
  backends: Backends
  /** The config that the collector runs with; undefined where nobody can tell. */
  config: CollectorConfig | undefined
  now: () => number
}

/** The network as it is now. What cannot be asked is `unknown`, not an error. */
export async function topologyOf(sources: Sources): Promise<Topology> {
  const { backends, config } = sources
  const counters = await backends.collector.counters().catch(() => undefined)
  const [arrowsIn, arrowsOut, pulled, queries] = await Promise.all([
    receiving(sources, counters),
    config ? sending(config, counters) : [],
    fetching(sources),
    answering(sources),
  ])
  return { arrows: [...arrowsIn, ...arrowsOut, ...pulled, ...queries], unused: config ? unusedOf(config) : [] }
}

const WORDS = { traces: 'spans', metrics: 'points', logs: 'log records' } as const

function receiving({ endpoints, config }: Sources, counters: CollectorCounter[] | undefined): Arrow[] {
  const doors = [
    ['OTLP/gRPC', endpoints.otlpGrpc],
    ['OTLP/HTTP', endpoints.otlpHttp],
  ] as const
  const open = doors.flatMap(([name, door]) => (door ? [`${name} ${door.url.replace(/^\w+:\/\//, '')}`] : []))
  const from = [...(config?.service.pipelines.values() ?? [])]
  return (['traces', 'metrics', 'logs'] as const).map((signal) => {
    const base = { from: 'program', to: 'collector', signal, protocol: 'OTLP', address: open.join(', ') }
    if (open.length === 0) return { ...base, state: 'failing', said: 'no otlp receiver listens' }
    const served = from.some(
      (one) => one.signal === signal && one.receivers.some((id) => config?.receivers.get(id)?.type === 'otlp'),
    )
    if (config && !served)
      return { ...base, state: 'failing', said: `no pipeline takes ${signal} from an otlp receiver` }
    const mine = counters?.filter((one) => one.kind === 'receiver' && one.signal === signal) ?? []
    if (counters === undefined) return { ...base, state: 'unknown', said: 'the collector has no metrics page to ask' }
    const accepted = mine.reduce((total, one) => total + one.accepted, 0)
    const refused = mine.reduce((total, one) => total + turnedAway(one), 0)
    if (refused > 0)
      return { ...base, state: 'failing', said: `${accepted} ${WORDS[signal]} accepted, ${refused} refused` }
    return accepted === 0
      ? { ...base, state: 'idle', said: 'nothing has come yet' }
      : { ...base, state: 'ok', said: `${accepted} ${WORDS[signal]} accepted` }
  })
}

function sending(config: CollectorConfig, counters: CollectorCounter[] | undefined): Arrow[] {
  const seen = new Set<string>()
  return [...config.service.pipelines.values()].flatMap(({ signal, exporters }) =>
    exporters.flatMap((id): Arrow[] => {
      const way = wayOutOf(config, id)
      if (way === undefined || way.pulled || seen.has(`${signal} ${id}`)) return []
      seen.add(`${signal} ${id}`)
      const base = { from: 'collector', to: id, signal, protocol: way.protocol, address: way.endpoint }
      const mine = counterOf(counters, 'exporter', id, signal)
      if (counters === undefined)
        return [{ ...base, state: 'unknown', said: 'the collector has no metrics page to ask' }]
      if (mine === undefined) return [{ ...base, state: 'idle', said: 'nothing was sent yet' }]
      const { sent, queued } = mine
      const lost = givenUp(mine)
      const parts = [`${sent} ${WORDS[signal]} sent`]
      if (lost > 0) parts.push(`${lost} given up`)
      if (queued > 0) parts.push(`${queued} ${queued === 1 ? 'batch waits' : 'batches wait'}`)
      const state = lost > 0 || (queued > 0 && sent === 0) ? 'failing' : sent > 0 ? 'ok' : 'idle'
      return [{ ...base, state, said: parts.join(', ') }]
    }),
  )
}

/** Prometheus' targets. */
async function fetching({ backends, now }: Sources): Promise<Arrow[]> {
  const targets = await backends.prometheus.targets().catch(() => [])
  return targets.map(({ job, url, health, lastError, lastScrape, interval }) => {
    const ago = lastScrape === undefined ? '' : `, ${Math.max(0, Math.round((now() - lastScrape) / 1000))} s ago`
    return {
      ...{ from: 'collector', to: 'prometheus', signal: 'metrics' as const, pulled: true },
      protocol: `HTTP, every ${interval}`,
      address: `${url} (job ${job})`,
      state: health === 'up' ? 'ok' : health === 'down' ? 'failing' : 'idle',
      said: health === 'up' ? `up${ago}` : lastError || 'not fetched yet',
    }
  })
}

/** Who may be asked, and whether it is ready. */
async function answering({ endpoints, backends }: Sources): Promise<Arrow[]> {
  const asked = [
    ['tempo', endpoints.tempo, () => backends.tempo.ready()],
    ['prometheus', endpoints.prometheus, () => backends.prometheus.ready()],
    ['loki', endpoints.loki, () => backends.loki.ready()],
  ] as const
  const arrows = asked.map(async ([name, { url }, ready]): Promise<Arrow> => {
    const base = { from: 'you', to: name, signal: 'queries' as const, protocol: 'HTTP', address: url }
    try {
      const { ready: is, said } = await ready()
      return { ...base, state: is ? 'ok' : 'failing', said: is ? 'ready' : said || 'not ready' }
    } catch (error) {
      return { ...base, state: 'failing', said: (error as Error).message }
    }
  })
  const grafana = endpoints.grafana
  const more: Arrow[] = grafana
    ? [
        {
          ...{ from: 'you', to: 'grafana', signal: 'queries', protocol: 'HTTP' },
          address: grafana.url,
          state: 'unknown',
          said: 'not asked',
        },
      ]
    : []
  return [...(await Promise.all(arrows)), ...more]
}

function unusedOf(config: CollectorConfig): string[] {
  const pipelines = [...config.service.pipelines.values()]
  const used = new Set(
    pipelines.flatMap(({ receivers, processors, exporters }) => [...receivers, ...processors, ...exporters]),
  )
  return (['receivers', 'processors', 'exporters', 'connectors'] as const).flatMap((kind) =>
    [...config[kind].keys()].filter((id) => !used.has(id)).map((id) => `${kind.slice(0, -1)} ${id}`),
  )
}
