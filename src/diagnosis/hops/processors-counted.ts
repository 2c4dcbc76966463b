import { counterOf } from '../../backends/collector-counters.ts'
import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import type { Component, Pipeline } from '../read/topology.ts'
import { isRootless, itemsOf } from '../way.ts'
import { changeByConfig } from './by-config.ts'
import { batchTimeout, keptByBatch } from './counted.ts'
import { mendOf, placeOf } from './mend.ts'
import { batched, LONG_MS, ROOTLESS, ruleOf, SLACK_MS, undecided, whyOf } from './processor-words.ts'

/** Without a tap: what the config says of it, and what the collector counted of everybody. */
export function withoutTap(facts: Facts, pipeline: Pipeline, component: Component): Hop {
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
function droppedSome(facts: Facts, pipeline: Pipeline, component: Component): Hop | undefined {
  const { id, type } = component
  const { signal, missed, arrival } = facts
  const counted = counterOf(facts.counters, 'processor', id, signal)
  if (type !== 'filter' || counted === undefined || counted.filtered === 0 || counted.sent === 0) return undefined
  const rootless = isRootless(facts)
  if (!rootless && missed !== 'errors') return undefined
  const part = { kind: 'processors' as const, id }
  const where = placeOf(facts, part)
  return {
    ...{ hop: 'processor', id, pipeline: pipeline.id, state: 'dropped', part: true, blame: 'work' },
    fault: rootless ? 'root-dropped' : 'drops',
    known: rootless ? ['backend', 'collector metrics'] : ['collector metrics'],
    seen: `${id} dropped ${counted.filtered} of the ${itemsOf(signal, counted.accepted)} that came since the run began${rootless ? `, and the root of the trace did not arrive: ${arrival.tops[0]!.name} hangs in the air` : ''}${ruleOf(component)}`,
    why: rootless ? ROOTLESS : whyOf(type)!,
    ...mendOf(facts, part, `Mend ${id} in ${where}, then: otel-lab restart otel-collector`),
  }
}

/** What the collector counted of everybody. Only nothing is certain. */
export function countedBy(facts: Facts, pipeline: Pipeline | undefined, component: Component): Hop {
  const { id, type } = component
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
  if (type === 'tail_sampling' && some && sent === 0) {
    const waits = undecided(facts, place, component, accepted, facts.run.endedAt)
    if (waits) return waits
  }
  if (some && sent === 0 && component.type !== 'batch') {
    return {
      ...place,
      state: 'dropped',
      fault: 'drops',
      blame: 'work',
      seen: `${id} dropped all ${itemsOf(facts.signal, Math.max(filtered, accepted))} that came since the run began${ruleOf(component)}`,
      why: whyOf(type) ?? `What ${id} does not hand on, nobody further down can have`,
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
