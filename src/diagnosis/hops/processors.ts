import { counterOf } from '../../backends/collector-counters.ts'
import { parseDuration } from '../../util/duration.ts'
import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { type Component, type Pipeline, pipelinesOf } from '../read/topology.ts'
import { setting } from '../settings.ts'
import { itemsOf, type Tally, tallyAt } from '../way.ts'
import { meaningOf } from '../words.ts'
import { batchTimeout, keptByBatch } from './counted.ts'
import { changeByConfig, identityChange } from './identity.ts'
import { type Lost, lostBetween } from './lost.ts'
import { mendOf, placeOf } from './mend.ts'

/** Longer than any batch should wait. */
const LONG_MS = 60_000
const SLACK_MS = 2_000

/** Every processor that the run's signal passes, in the order of the flow. */
export async function judgeProcessors(facts: Facts): Promise<Hop[]> {
  const { topology } = facts.configs
  if (topology === undefined) {
    const counted = facts.counters?.filter(({ kind, signal }) => kind === 'processor' && signal === facts.signal) ?? []
    return counted.map(({ id }) => countedBy(facts, undefined, { id, type: id.split('/')[0]!, settings: {} }))
  }
  const hops: Hop[] = []
  for (const pipeline of pipelinesOf(topology, facts.signal)) {
    for (const id of pipeline.processors) {
      const type = id.split('/')[0]!
      const component = topology.processors.get(id) ?? { id, type, settings: {} }
      hops.push(facts.tap ? await seenBy(facts, pipeline, component) : told(facts, pipeline, component))
    }
  }
  return hops
}

async function seenBy(facts: Facts, pipeline: Pipeline, component: Component): Promise<Hop> {
  const { id, type } = component
  const place = { hop: 'processor' as const, id, pipeline: pipeline.id, known: ['tap' as const] }
  const tally = tallyAt(facts, { kind: 'processor', id, pipeline: pipeline.id })
  if (tally.in === 0) return { ...place, state: 'unknown', seen: 'nothing of it came here' }
  if (tally.refused > 0 && tally.out === 0) {
    const said = tally.said.refused ?? ''
    return {
      ...place,
      state: 'dropped',
      fault: 'refused',
      blame: 'work',
      seen: `${id} refused it: ${said}`,
      why: `${meaningOf(said)}; an SDK gives up after some tries`,
      ...mendOf(
        facts,
        { kind: 'processors', id },
        type === 'memory_limiter'
          ? `Give it more room (limit_mib in ${placeOf(facts, { kind: 'processors', id })}), then: otel-lab restart otel-collector`
          : `Look at ${id} in ${placeOf(facts, { kind: 'processors', id })}, then: otel-lab restart otel-collector`,
      ),
    }
  }
  if (type === 'batch' && tally.out < tally.in)
    return batched(facts, place, component, tally.in - tally.out, tally.lastIn ?? facts.now)
  const waits = type === 'tail_sampling' && tally.out < tally.in ? undecided(facts, place, component, tally) : undefined
  if (waits !== undefined) return waits
  if (tally.out < tally.in) return dropped(facts, place, component, tally, await lostBetween(facts, tally))
  const change = await identityChange(facts, id, tally)
  if (change === undefined) return { ...place, state: 'passed', seen: `${itemsOf(facts.signal, tally.out)} passed` }
  const part = { kind: 'processors' as const, id }
  return {
    ...place,
    state: 'changed',
    blame: 'work',
    ...change,
    ...mendOf(facts, part, `Mend ${id} in ${placeOf(facts, part)}, then: otel-lab restart otel-collector`),
  }
}

type Place = Pick<Hop, 'hop' | 'id' | 'pipeline' | 'known'>

function batched(facts: Facts, place: Place, component: Component, count: number, lastIn: number): Hop {
  const { id, settings } = component
  const timeout = batchTimeout(component)
  const size = Number(settings.send_batch_size ?? 8192)
  const seen = `${id} holds ${itemsOf(facts.signal, count)}`
  if (timeout <= LONG_MS && facts.now - lastIn <= timeout + SLACK_MS) {
    const waitMs = Math.max(0, lastIn + timeout - facts.now)
    return { ...place, state: 'held', waitMs, seen: `${seen} until its timeout of ${timeout / 1000} s` }
  }
  return {
    ...place,
    state: 'held',
    fault: 'batch-waits',
    blame: 'work',
    seen: `${seen}: it waits for ${size} items or ${timeout === 0 ? 'for ever (timeout: 0s)' : `${timeout / 1000} s`}, whichever comes first`,
    why: 'A batch is sent when it is full or its time is up; a lab makes few items, so it is always the time',
    ...mendOf(facts, { kind: 'processors', id }, `otel-lab config patch --set processors.${id}.timeout=1s`),
  }
}

/** A tail sampler looks at a trace when it has waited for its last span, to the second. */
function undecided(facts: Facts, place: Place, { id, settings }: Component, tally: Tally): Hop | undefined {
  const wait = settings.decision_wait === undefined ? 30_000 : (parseDuration(String(settings.decision_wait)) ?? 30_000)
  const waitMs = (tally.lastIn ?? facts.now) + wait + SLACK_MS - facts.now
  if (waitMs <= 0) return undefined
  const held = itemsOf(facts.signal, tally.in - tally.out)
  const seen = `${id} holds ${held} until it decides on their traces, ${wait / 1000} s after the first span of each`
  return { ...place, state: 'held', waitMs, seen }
}

function dropped(facts: Facts, place: Place, component: Component, tally: Tally, lost: Lost | undefined): Hop {
  const { id, type, settings } = component
  const all = tally.out === 0
  const gone = tally.in - tally.out
  const conditions = conditionsOf(settings)
  const rule = conditions.length > 0 ? `; its conditions: ${conditions.join(' | ')}` : ''
  const names = lost && lost.names.length > 0 ? `: ${lost.names.join(', ')}` : ''
  const root = lost?.root ? `, the root of the trace (${lost.root}) among them` : ''
  const seen = `${id} dropped ${all ? `all ${itemsOf(facts.signal, gone)}` : `${gone} of ${itemsOf(facts.signal, tally.in)}`} of this run${all ? '' : names}${root}${rule}`
  // To drop some is what a filter is for; whose missing is missed, judges by what it looked for.
  const missed = (lost?.errors && facts.missed === 'errors') || lost?.root
  const fault = all || missed ? { fault: lost?.root && !all ? 'root-dropped' : 'drops', blame: 'work' as const } : {}
  return {
    ...place,
    state: 'dropped',
    ...(all ? {} : { part: true as const }),
    ...fault,
    seen,
    why:
      type === 'filter'
        ? 'A filter drops what any of its conditions is true for; these are true for too much'
        : type === 'tail_sampling'
          ? 'A tail sampler keeps a trace when one of its policies wants it; none of them wanted these'
          : type === 'probabilistic_sampler'
            ? 'A sampler keeps a share of the traces, by their ids; these are not among it'
            : lost?.root && !all
              ? 'Without its root a trace is there by its id, but a search for the root finds none'
              : `What ${id} does not hand on, nobody further down can have`,
    ...mendOf(
      facts,
      { kind: 'processors', id },
      `Mend ${id} in ${placeOf(facts, { kind: 'processors', id })}, or take it out of the pipeline: otel-lab config patch --remove service.pipelines.${place.pipeline}.processors=${id}`,
    ),
  }
}

/** Every text in the settings that reads like a condition: OTTL, or the old lists. */
function conditionsOf(settings: unknown): string[] {
  if (typeof settings === 'string') return [settings]
  if (Array.isArray(settings)) return settings.flatMap(conditionsOf)
  if (typeof settings !== 'object' || settings === null) return []
  return Object.entries(settings)
    .flatMap(([key, value]) => (key === 'error_mode' ? [] : conditionsOf(value)))
    .slice(0, 6)
}

/** Without a tap: what the config says of it, and what the collector counted of everybody. */
function told(facts: Facts, pipeline: Pipeline, component: Component): Hop {
  const { id } = component
  const place = { hop: 'processor' as const, id, pipeline: pipeline.id }
  const change = changeByConfig(facts, pipeline, component)
  if (change) {
    const part = { kind: 'processors' as const, id }
    const next = `Mend ${id} in ${placeOf(facts, part)}, then: otel-lab restart otel-collector`
    const known: Hop['known'] = [facts.configs.from, 'backend']
    return { ...place, state: 'changed', blame: 'work', known, ...change, ...mendOf(facts, part, next) }
  }
  const kept = facts.arrival.found ? undefined : keptByBatch(facts, pipeline, component)
  const timeout = batchTimeout(component)
  if (kept !== undefined && (timeout > LONG_MS || facts.now - facts.run.endedAt <= timeout + SLACK_MS)) {
    const known: Hop['known'] = ['collector metrics', facts.configs.from]
    return batched(facts, { ...place, known }, component, kept, facts.run.endedAt)
  }
  return droppedSome(facts, pipeline, component) ?? countedBy(facts, pipeline, component)
}

/** A part of the run is missed, the trace's root or its errors, and the filter dropped some since the run began. */
function droppedSome(facts: Facts, pipeline: Pipeline, { id, type, settings }: Component): Hop | undefined {
  const { signal, missed, arrival, run } = facts
  const counted = counterOf(facts.counters, 'processor', id, signal)
  if (type !== 'filter' || counted === undefined || counted.filtered === 0 || counted.sent === 0) return undefined
  const orphans = arrival.tops.filter(({ parentSpanId }) => parentSpanId !== undefined)
  const rootless =
    signal === 'traces' &&
    arrival.tops.length > 0 &&
    orphans.length === arrival.tops.length &&
    setting(run.env, 'TRACEPARENT') === undefined
  if (!rootless && missed !== 'errors') return undefined
  const rule = conditionsOf(settings).join(' | ')
  const part = { kind: 'processors' as const, id }
  const where = placeOf(facts, part)
  return {
    ...{ hop: 'processor', id, pipeline: pipeline.id, state: 'dropped', part: true, blame: 'work' },
    fault: rootless ? 'root-dropped' : 'drops',
    known: rootless ? ['backend', 'collector metrics'] : ['collector metrics'],
    seen: `${id} dropped ${counted.filtered} of the ${itemsOf(signal, counted.accepted)} that came since the run began${rootless ? `, and the root of the trace did not arrive: ${orphans[0]!.name} hangs in the air` : ''}; its conditions: ${rule}`,
    why: rootless
      ? 'Without its root a trace is there by its id, but a search for the root finds none'
      : 'A filter drops what any of its conditions is true for; these are true for too much',
    ...mendOf(facts, part, `Mend ${id} in ${where}, then: otel-lab restart otel-collector`),
  }
}

/** What the collector counted of everybody. Only nothing is certain. */
function countedBy(facts: Facts, pipeline: Pipeline | undefined, component: Component): Hop {
  const { id, settings } = component
  const where = pipeline ? { pipeline: pipeline.id } : {}
  const place = { hop: 'processor' as const, id, ...where, known: ['collector metrics' as const] }
  if (facts.arrival.found)
    return { ...place, state: 'passed', known: ['backend'], seen: 'it passed: the backend has it' }
  const counted = facts.counters?.find(
    (one) => one.kind === 'processor' && one.id === id && one.signal === facts.signal,
  )
  if (counted === undefined) {
    return {
      ...place,
      state: 'unknown',
      known: [],
      seen: 'what it did with this run is not to be seen from here',
      next: 'otel-lab config patch --add-debug-exporter, to see what comes out',
    }
  }
  const { accepted, sent, filtered, refused } = counted
  const part = { kind: 'processors' as const, id }
  const some = filtered > 0 || (accepted > 0 && sent === 0)
  if (some && sent === 0 && component.type !== 'batch') {
    const conditions = conditionsOf(settings)
    return {
      ...place,
      state: 'dropped',
      fault: 'drops',
      blame: 'work',
      seen: `${id} dropped all ${itemsOf(facts.signal, Math.max(filtered, accepted))} that came since the run began${conditions.length > 0 ? `; its conditions: ${conditions.join(' | ')}` : ''}`,
      why: 'A filter drops what any of its conditions is true for; these are true for too much',
      ...mendOf(facts, part, `Mend ${id} in ${placeOf(facts, part)}, then: otel-lab restart otel-collector`),
    }
  }
  if (refused > 0 && sent === 0) {
    return {
      ...place,
      state: 'dropped',
      fault: 'refused',
      blame: 'work',
      seen: `${id} refused all ${itemsOf(facts.signal, refused)} that came since the run began`,
      why: 'A memory limiter turns data away before the process runs out of memory',
      ...mendOf(
        facts,
        part,
        `Give it more room (limit_mib in ${placeOf(facts, part)}), then: otel-lab restart otel-collector`,
      ),
    }
  }
  const seen = `of everybody's, ${itemsOf(facts.signal, accepted)} came and ${sent} went on${filtered > 0 ? `, ${filtered} were dropped` : ''}`
  return { ...place, state: 'unknown', seen, next: 'otel-lab config patch --add-debug-exporter, to see what comes out' }
}
