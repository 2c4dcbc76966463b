import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { type Component, type Pipeline, pipelinesOf } from '../read/topology.ts'
import { itemsOf, type Tally, tallyAt } from '../way.ts'
import { meaningOf } from '../words.ts'
import { identityChange } from './identity.ts'
import { type Lost, lostBetween } from './lost.ts'
import { mendOf, placeOf } from './mend.ts'
import { batched, type Place, ROOTLESS, ruleOf, undecided, whyOf } from './processor-words.ts'
import { countedBy, withoutTap } from './processors-counted.ts'

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
      hops.push(facts.tap ? await seenBy(facts, pipeline, component) : withoutTap(facts, pipeline, component))
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
      why: `${meaningOf(said) ?? 'What it does not take comes back to the sender'}; an SDK gives up after some tries`,
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
  const waits =
    type === 'tail_sampling' && tally.out < tally.in
      ? undecided(facts, place, component, tally.in - tally.out, tally.lastIn ?? facts.now)
      : undefined
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

function dropped(facts: Facts, place: Place, component: Component, tally: Tally, lost: Lost | undefined): Hop {
  const { id, type } = component
  const all = tally.out === 0
  const gone = tally.in - tally.out
  const rule = ruleOf(component)
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
    why: whyOf(type) ?? (lost?.root && !all ? ROOTLESS : `What ${id} does not hand on, nobody further down can have`),
    ...mendOf(
      facts,
      { kind: 'processors', id },
      `Mend ${id} in ${placeOf(facts, { kind: 'processors', id })}, or take it out of the pipeline: otel-lab config patch --remove service.pipelines.${place.pipeline}.processors=${id}`,
    ),
  }
}
