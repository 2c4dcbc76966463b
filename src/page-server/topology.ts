import type { Hono } from 'hono'
import { type CollectorCounter, counterOf, countersSince, givenUp, turnedAway } from '../backends/collector-counters.ts'
import { type CollectorConfig, portOf, resolveConfig, wayOutOf } from '../collector-config.ts'
import type { Arrow, PassageAnswer, PayloadAnswer, PipelineAnswer, TopologyAnswer, TopologyNode } from './answers.ts'
import { BadRequest } from './faults.ts'
import type { PageParts } from './parts.ts'

interface Reading {
  at: number
  counters: CollectorCounter[]
}

/** Rates are over about so long: shorter jumps with every batch, longer hides that something stopped. */
const OVER_MS = 10_000
const MOST_PASSAGES = 500

/** The stack as it runs now, and what passes each of its arrows. */
export function addTopologyRoutes(app: Hono, parts: PageParts): void {
  let readings: Reading[] = []

  app.get('/api/topology', async (c) => {
    const { engine } = parts
    const { collector } = await parts.backends()
    const counters = await collector.counters({ signal: c.req.raw.signal }).catch(() => undefined)
    const at = parts.now()
    if (counters) readings = [...readings.filter((one) => at - one.at < OVER_MS * 2), { at, counters }]
    const before = readings.find((one) => at - one.at <= OVER_MS)
    const read = counters && before && readingOf(counters, before.counters, at - before.at)
    const text = await engine.runningConfig?.('otel-collector').catch(() => undefined)
    const { config } = text === undefined ? { config: undefined } : resolveConfig(text, process.env)
    const answer: TopologyAnswer = {
      pipelines: config ? [...config.service.pipelines.values()].map((one) => pipelineOf(one, config, read)) : [],
      tap: engine.tap !== undefined,
      ...(config ? {} : { unknown: `the ${engine.kind} engine cannot tell which config its collector runs` }),
    }
    return c.json(answer)
  })

  app.get('/api/passages', async (c) => {
    const { tap } = parts.engine
    const { kind, id, pipeline } = c.req.query()
    if (tap === undefined) throw new BadRequest('this engine cannot look inside its collector')
    if (kind === undefined || id === undefined) throw new BadRequest('kind and id say where to look')
    const signal = pipeline?.split('/')[0]
    // A receiver takes in for all its pipelines: what is of another signal goes another way.
    const found = (await tap.passages({ kind, id, limit: MOST_PASSAGES })).filter((one) =>
      one.pipeline === undefined ? signal === undefined || one.signal === signal : one.pipeline === pipeline,
    )
    const answer = found.slice(-50).map(
      ({ seq, at, step, items, bytes, peer, runIds, said }): PassageAnswer => ({
        ...{ seq, at, step, items, runIds },
        ...(bytes === undefined ? {} : { bytes }),
        ...(peer ? { peer } : {}),
        ...(said ? { said } : {}),
      }),
    )
    return c.json(answer.reverse())
  })

  app.get('/api/passages/:seq', async (c) => {
    const payload = await parts.engine.tap?.payload(Number(c.req.param('seq')))
    if (payload === undefined) return c.json({ error: { message: 'it is forgotten: only the newest are kept' } }, 404)
    return c.json(payload satisfies PayloadAnswer)
  })
}

type Counted = ReturnType<typeof readingOf>
type Pipeline = CollectorConfig['service']['pipelines'] extends Map<string, infer P> ? P : never

function pipelineOf(
  { id, signal, receivers, processors, exporters }: Pipeline,
  config: CollectorConfig,
  read: Counted | undefined,
): PipelineAnswer {
  const counted = (kind: CollectorCounter['kind'], of: string) => read?.(kind, of, signal) ?? UNCOUNTED
  const into: TopologyNode[] = receivers.map((one) => {
    const connects = config.connectors.has(one)
    const { rate, now } = counted('receiver', one)
    const doors = connects ? {} : doorsOf(config.receivers.get(one)?.settings)
    return {
      kind: 'app',
      id: connects ? `connector ${one}` : 'your program',
      out: { ...rate('accepted'), ...doors, ...(now && turnedAway(now) > 0 ? { refused: turnedAway(now) } : {}) },
    }
  })
  const steps: TopologyNode[][] = [into]
  steps.push(
    receivers.map((one) => ({
      kind: config.connectors.has(one) ? 'connector' : 'receiver',
      id: one,
      out: counted('receiver', one).rate('accepted'),
    })),
  )
  // A batch counts nothing, in the real collector either: what went out behind it is what it passed on.
  const ends = exporters.map((one) => counted('exporter', one))
  const behind = ends.find(({ now }) => now !== undefined) ?? ends[0] ?? UNCOUNTED
  for (const one of processors) {
    const { rate, now } = counted('processor', one)
    const dropped = now && now.filtered > 0 ? { filtered: now.filtered } : {}
    const refused = now && now.refused > 0 ? { refused: now.refused } : {}
    const passed = now ? rate('sent') : behind.rate('sent')
    steps.push([{ kind: 'processor', id: one, out: { ...passed, ...dropped, ...refused } }])
  }
  steps.push(
    exporters.map((one): TopologyNode => {
      if (config.connectors.has(one)) return { kind: 'connector', id: one }
      const { rate, now } = counted('exporter', one)
      const out: Arrow = {
        ...rate('sent'),
        ...wayOut(config, one),
        ...(now ? { queue: now.queued } : {}),
        ...(now && givenUp(now) > 0 ? { failed: givenUp(now) } : {}),
      }
      return { kind: 'exporter', id: one, out }
    }),
  )
  steps.push(exporters.map((one) => ({ kind: 'backend', id: farEnd(one, config) })))
  return { id, signal, steps }
}

/** What each component has counted, and what of that lately. */
function readingOf(counters: readonly CollectorCounter[], before: readonly CollectorCounter[], ms: number) {
  const lately = countersSince(before, counters)
  return (kind: CollectorCounter['kind'], id: string, signal: CollectorCounter['signal']) => {
    const now = counterOf(counters, kind, id, signal)
    const rate = (field: 'accepted' | 'sent'): Arrow => {
      // Counters begin with the first item.
      if (now === undefined) return { total: 0 }
      const grown = counterOf(lately, kind, id, signal)?.[field] ?? 0
      return { total: now[field], ...(ms > 500 ? { perSecond: grown / (ms / 1000) } : {}) }
    }
    return { now, rate }
  }
}
const UNCOUNTED: ReturnType<Counted> = { now: undefined, rate: () => ({}) }

// biome-ignore lint/suspicious/noExplicitAny: each component knows its own shape, the schema has checked it
function doorsOf(settings: any): Arrow {
  const { grpc, http } = settings?.protocols ?? {}
  const doors = [...(grpc ? [['gRPC', portOf(grpc.endpoint)]] : []), ...(http ? [['HTTP', portOf(http.endpoint)]] : [])]
  return doors.length === 0
    ? {}
    : { protocol: `OTLP ${doors.map(([name, port]) => `${name}\u00a0:${port}`).join(', ')}` }
}

function wayOut(config: CollectorConfig, id: string): Arrow {
  const way = wayOutOf(config, id)
  if (way) return { protocol: way.protocol, port: way.port, ...(way.pulled ? { pulled: true } : {}) }
  return config.exporters.get(id)?.type === 'debug' ? { protocol: 'its own output' } : {}
}

function farEnd(id: string, config: CollectorConfig): string {
  if (config.connectors.has(id)) return 'another pipeline'
  const { type = '', settings } = config.exporters.get(id) ?? {}
  if (type === 'prometheus') return 'prometheus'
  if (type === 'debug') return 'log'
  if (type === 'file') return settings?.path ?? 'file'
  const host = /^(?:[a-z]+:\/\/)?([^:/]+)/.exec(settings?.endpoint ?? '')?.[1]
  return host ?? id
}
