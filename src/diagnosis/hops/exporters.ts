import { parseDuration } from '../../util/duration.ts'
import type { Hop, Signal } from '../contract.ts'
import { BACKENDS, type Facts, TITLES } from '../facts.ts'
import { type Component, type Pipeline, pipelinesOf, type Topology } from '../read/topology.ts'
import { addressOf } from '../settings.ts'
import { itemsOf, type Tally, tallyAt } from '../way.ts'
import { isTimeout, isWayProblem, meaningOf } from '../words.ts'
import { countedExport } from './counted.ts'
import { mendOf, type Part, placeOf } from './mend.ts'
import { hidesExemplars, hidesOutput } from './missed.ts'

/** They end in the collector's own process or on its disk. */
const LOCAL = ['debug', 'file', 'nop', 'logging']
const HOMES: Record<Signal, string> = { traces: 'otlp_grpc/tempo', metrics: 'prometheus', logs: 'otlp_http/loki' }
/** What waits longer in a queue than this is not only under way. */
const LONG_MS = 15_000

/** Every connector and exporter that the run's signal comes to; and first, whether there is a way out at all. */
export function judgeExporters(facts: Facts): Hop[] {
  const { topology } = facts.configs
  if (topology === undefined) return unplaced(facts)
  const pipelines = pipelinesOf(topology, facts.signal)
  if (pipelines.length === 0) return []
  const ends = pipelines.flatMap((pipeline) => pipeline.exporters.map((id) => ({ pipeline, id })))
  const hops = ends.map(({ pipeline, id }): Hop => {
    const exporter = topology.exporters.get(id)
    if (exporter === undefined && topology.connectors.has(id)) return judgeConnector(facts, topology, pipeline, id)
    const component = exporter ?? { id, type: id.split('/')[0]!, settings: {} }
    const hidden = hidesExemplars(facts, pipeline, component) ?? hidesOutput(facts, pipeline, component)
    if (hidden) return hidden
    return facts.tap ? seenBy(facts, pipeline, component) : countedBy(facts, pipeline, component)
  })
  const leading = ends.some(({ id }) => topology.exporters.has(id) && !LOCAL.includes(topology.exporters.get(id)!.type))
  return leading ? hops : [noWayOut(facts, topology, pipelines), ...hops]
}

/** A pipeline whose exporters lead to no backend: somebody put debug in the place of Tempo's. */
function noWayOut(facts: Facts, topology: Topology, pipelines: readonly Pipeline[]): Hop {
  const { signal } = facts
  const [pipeline] = pipelines as [Pipeline]
  const used = [...new Set(pipelines.flatMap(({ exporters }) => exporters))]
  const swallowed = used.filter((id) => !topology.exporters.has(id) && topology.connectors.has(id))
  const home = topology.exporters.has(HOMES[signal])
    ? HOMES[signal]
    : [...topology.exporters.values()].find(
        ({ type, settings }) => !LOCAL.includes(type) && leadsTo(settings) === BACKENDS[signal],
      )?.id
  const part: Part = { kind: 'pipelines', id: pipeline.id }
  return {
    hop: 'exporter',
    pipeline: pipeline.id,
    state: 'dropped',
    fault: 'no-exporter',
    blame: 'work',
    known: [facts.configs.from],
    seen: `the ${pipeline.id} pipeline exports to ${used.join(', ') || 'nothing'}, and so to no ${TITLES[signal]}`,
    why:
      swallowed.length > 0
        ? `A connector (${swallowed.join(', ')}) makes something new of what comes and does not pass it on: the backend needs an exporter of its own beside it`
        : 'Each exporter in the list gets its own copy. Put a new one beside the old one, not in its place',
    ...mendOf(
      facts,
      part,
      home
        ? `otel-lab config patch --add service.pipelines.${pipeline.id}.exporters=${home}`
        : `Define an exporter for ${TITLES[signal]} in ${facts.configs.shown} (the shipped one: otel-lab config diff) and add it to service.pipelines.${pipeline.id}.exporters`,
    ),
  }
}

/** The service that an endpoint names, such as `tempo`. */
function leadsTo({ endpoint }: Component['settings']): string | undefined {
  return typeof endpoint === 'string' ? addressOf(endpoint.replace(/^dns:\/\/\//, ''))?.host : undefined
}

function judgeConnector(facts: Facts, topology: Topology, pipeline: Pipeline, id: string): Hop {
  const place = { hop: 'connector' as const, id, pipeline: pipeline.id }
  const into = topology.pipelines.filter(({ receivers }) => receivers.includes(id)).map((one) => one.id)
  const leads = into.length > 0 ? `leads into ${into.join(', ')}` : 'leads into no pipeline'
  const tally = tallyAt(facts, { kind: 'connector', id })
  if (facts.tap === undefined || tally.in === 0)
    return { ...place, state: 'unknown', known: [facts.configs.from], seen: `${id} ${leads}` }
  return {
    ...place,
    state: 'passed',
    known: ['tap'],
    seen: `${id} took in ${itemsOf(facts.signal, tally.in)} and ${leads}`,
  }
}

function seenBy(facts: Facts, pipeline: Pipeline, component: Component): Hop {
  const { id, type, settings } = component
  const { signal } = facts
  const part: Part = { kind: 'exporters', id }
  const place = { hop: 'exporter' as const, id, pipeline: pipeline.id, known: ['tap' as const] }
  const tally = tallyAt(facts, { kind: 'exporter', id, pipeline: pipeline.id })
  if (tally.in === 0) return { ...place, state: 'unknown', seen: 'nothing of it came here' }
  if (type === 'prometheus')
    return {
      ...place,
      state: 'passed',
      seen: `${id} has ${itemsOf(signal, tally.in)} of it on its page (${settings.endpoint ?? 'no endpoint'})`,
    }
  if (tally.refused > 0 && tally.sent === 0) return undelivered(facts, place, part, tally, 'refused', 'queue-full')
  if (tally.failed > 0) return undelivered(facts, place, part, tally, 'failed', 'send-failed')
  if (tally.sent > 0) {
    const where = tally.passages.find(({ step }) => step === 'sent')?.peer
    if (tally.refused > 0) return undelivered(facts, place, part, tally, 'refused', 'queue-full')
    const to = leadsTo(settings)
    const foreign = to !== undefined && facts.engine !== 'external' && !LOCAL.includes(type) && isOther(to, signal)
    if (foreign && !facts.arrival.found) {
      return {
        ...place,
        state: 'dropped',
        fault: 'wrong-backend',
        blame: 'work',
        seen: `${id} sent it to ${where ?? to}, which is not ${TITLES[signal]}`,
        why: 'Somebody took it, so the collector counts it as delivered',
        ...mendOf(
          facts,
          part,
          `Mend the endpoint of ${id} in ${placeOf(facts, part)}, then: otel-lab restart otel-collector`,
        ),
      }
    }
    return {
      ...place,
      state: 'passed',
      seen: `${id} sent ${itemsOf(signal, tally.sent)}${where ? ` to ${where}` : ''}`,
    }
  }
  if (tally.last === 'retrying') return undelivered(facts, place, part, tally, 'retrying', 'retrying')
  return waiting(facts, place, part, component, tally)
}

const isOther = (host: string, signal: Signal) =>
  ['otel-collector', ...Object.values(BACKENDS)].includes(host) && host !== BACKENDS[signal]

const STUCK = 'The collector has it, but its exporter does not get through to the backend'

type Place = Pick<Hop, 'hop' | 'id' | 'pipeline' | 'known'>

function undelivered(
  facts: Facts,
  place: Place,
  part: Part,
  tally: Tally,
  how: 'failed' | 'refused' | 'retrying',
  fault: string,
): Hop {
  const said = tally.said[how] ?? ''
  const some = tally.sent > 0 ? ({ part: true } as const) : {}
  const words = {
    failed: 'could not deliver',
    refused: 'turned away',
    retrying: 'cannot deliver, and tries again and again:',
  }
  const seen =
    `${part.id} ${words[how]} ${how === 'retrying' ? '' : `${itemsOf(facts.signal, tally[how])}: `}${said}`.replace(
      '::',
      ':',
    )
  const state = how === 'retrying' ? ('held' as const) : ('dropped' as const)
  // The backend's own fault is told at the backend.
  if (isBackends(facts, part, said, how)) {
    return { ...place, state, ...some, seen }
  }
  return {
    ...place,
    state,
    ...some,
    fault,
    blame: 'work',
    ...(how === 'retrying' ? mayPass(facts, tally.lastIn, said) : {}),
    seen,
    why: [meaningOf(said), STUCK].filter(Boolean).join('. '),
    ...mendOf(
      facts,
      part,
      how === 'refused'
        ? `Give sending_queue.queue_size of ${part.id} more room in ${placeOf(facts, part)}, or let it send faster, then: otel-lab restart otel-collector`
        : `Check ${part.id} in ${placeOf(facts, part)} (endpoint, tls, headers), then: otel-lab restart otel-collector`,
    ),
  }
}

/** So long one unanswered try and the next one take, with the shipped timeouts: what is unanswered then stays so. */
const SECOND_TRY_MS = 12_000

const mayPass = (facts: Facts, since: number | undefined, said: string) =>
  isTimeout(said) && facts.now - (since ?? facts.run.endedAt) < SECOND_TRY_MS ? ({ mayPass: true } as const) : {}

/** It knocked at the right door, and the backend is away or does not want the data. */
export function isBackends(facts: Facts, { id }: Part, said: string, how: 'failed' | 'refused' | 'retrying'): boolean {
  if (how === 'refused' && /queue/.test(said) && facts.ready.ready) return false
  const component = facts.configs.topology?.exporters.get(id)
  const right =
    component === undefined || facts.engine === 'external' || leadsTo(component.settings) === BACKENDS[facts.signal]
  if (!right) return false
  if (!facts.ready.ready) return true
  return !isWayProblem(said)
}

/** Neither sent nor failed: in the queue, in a batch, or on its way to somebody who does not answer. */
function waiting(facts: Facts, place: Place, part: Part, { settings }: Component, tally: Tally): Hop {
  const queue = settings.sending_queue as { batch?: { flush_timeout?: unknown } } | undefined
  const flush = queue?.batch === undefined ? 0 : (parseDuration(String(queue.batch.flush_timeout ?? '200ms')) ?? 200)
  const timeout = parseDuration(String(settings.timeout ?? '5s')) ?? 5_000
  const age = facts.now - (tally.lastIn ?? facts.now)
  const seen = `${part.id} holds ${itemsOf(facts.signal, tally.in)}, not sent yet`
  if (age < flush + timeout + 2_000 && flush < LONG_MS)
    return { ...place, state: 'held', waitMs: Math.max(0, flush + timeout - age), seen }
  return {
    ...place,
    state: 'held',
    fault: 'queue-waits',
    blame: 'work',
    seen:
      flush >= LONG_MS
        ? `${seen}: its sending_queue.batch waits ${flush / 1000} s (flush_timeout)`
        : `${seen}, and has had no answer for ${Math.round(age / 1000)} s`,
    why: 'What waits in a queue nobody can query',
    ...mendOf(
      facts,
      part,
      `Check ${part.id} in ${placeOf(facts, part)} (sending_queue, timeout, endpoint), then: otel-lab restart otel-collector`,
    ),
  }
}

/** Of a collector whose config nobody can see: by its counters alone. */
function unplaced(facts: Facts): Hop[] {
  const counted = facts.counters?.filter(({ kind, signal }) => kind === 'exporter' && signal === facts.signal) ?? []
  return counted
    .map(({ id }) => ({ id, type: id.split('/')[0]!, settings: {} }))
    .filter(({ type }) => !LOCAL.includes(type))
    .map((component) => countedBy(facts, undefined, component))
}

/** What is not counted yet may be under way. */
const GRACE_MS = 2_000

/** Without a tap: what the collector counted of everybody, and its log. */
function countedBy(facts: Facts, pipeline: Pipeline | undefined, { id, type, settings }: Component): Hop {
  const { signal, arrival } = facts
  const part: Part = { kind: 'exporters', id }
  const where = pipeline ? { pipeline: pipeline.id } : {}
  const place = { hop: 'exporter' as const, id, ...where, known: ['collector metrics' as const] }
  if (arrival.found && !LOCAL.includes(type))
    return { ...place, known: ['backend'], state: 'passed', seen: 'the backend has it' }
  const counted = countedExport(facts, id)
  if (counted === undefined)
    return {
      ...place,
      known: [facts.configs.from],
      state: 'unknown',
      seen: 'whether it delivered is not to be seen from here',
      next: `otel-lab logs otel-collector | grep ${id}`,
    }
  const { queued, sent, lost, said: error, known } = counted
  if (sent === 0 && (lost > 0 || queued > 0 || error !== undefined)) {
    const seen = `${id} could not deliver (${lost} given up, ${queued} waiting)${error ? `: ${error}` : ''}`
    const state = lost > 0 ? ('dropped' as const) : ('held' as const)
    if (!facts.ready.ready || (error !== undefined && isBackends(facts, part, error, 'failed')))
      return { ...place, known, state, seen }
    if (state === 'held' && facts.now - facts.run.endedAt < GRACE_MS)
      return { ...place, known, state, seen: `${id} has ${queued} waiting` }
    return {
      ...place,
      known,
      state,
      fault: 'send-failed',
      blame: 'work',
      ...(state === 'held' ? mayPass(facts, undefined, error ?? '') : {}),
      seen,
      why: meaningOf(error ?? '') ?? STUCK,
      ...mendOf(
        facts,
        part,
        `Check ${id} in ${placeOf(facts, part)} (endpoint${settings.endpoint ? `: ${settings.endpoint}` : ''}); what it says: otel-lab logs otel-collector --tail 20`,
      ),
    }
  }
  return {
    ...place,
    state: 'unknown',
    seen: `of everybody's, ${id} sent ${itemsOf(signal, sent)} since the run began`,
    next: `otel-lab logs otel-collector | grep ${id}`,
  }
}
