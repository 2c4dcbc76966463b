import type { Hop } from '../contract.ts'
import { BACKENDS, type Facts, TITLES } from '../facts.ts'
import { pipelinesOf } from '../read/topology.ts'
import { itemsOf, type Tally, tallyAt } from '../way.ts'
import { meaningOf } from '../words.ts'
import { countedExport } from './counted.ts'
import { isBackends } from './exporters.ts'
import { hiddenInBackend } from './hidden.ts'

/** Is it there, and did it take what the exporter brought? */
export function judgeBackend(facts: Facts): Hop {
  const { signal, ready, arrival, services } = facts
  const hop = 'backend' as const
  const id = BACKENDS[signal]
  const title = TITLES[signal]
  if (!ready.ready) {
    const seat = services?.find(({ name }) => name === id)
    const problem = seat?.problem ?? ready.said
    return {
      hop,
      id,
      state: 'dropped',
      fault: 'backend-down',
      mayPass: true,
      blame: 'lab',
      known: seat ? ['service', 'backend'] : ['backend'],
      seen: `${title} is ${seat && seat.state !== 'ready' ? seat.state : 'not ready'}: ${problem}`,
      why: 'The data may be on its way, but nobody takes it in or answers for it',
      next:
        facts.engine === 'external'
          ? `Ask whoever runs ${title}; its URL: otel-lab status`
          : `otel-lab restart ${id}, then: otel-lab status`,
    }
  }
  const refusal = refusalOf(facts)
  if (refusal) {
    const { said, count, known } = refusal
    return {
      hop,
      id,
      state: refusal.held ? 'held' : 'dropped',
      ...(refusal.some || arrival.found ? { part: true as const } : {}),
      fault: 'backend-refuses',
      blame: 'work',
      known,
      seen: `${title} refused ${count === undefined ? 'what came since the run began' : itemsOf(signal, count)}: ${said}`,
      why: meaningOf(said) ?? `The collector brought it, and ${title} says itself why it does not keep it`,
      next: `Look at the limits in ${title}'s config: otel-lab config show ${id === 'tempo' || id === 'loki' || id === 'prometheus' ? id : ''}`.trimEnd(),
    }
  }
  const hidden = hiddenInBackend(facts)
  if (hidden) return hidden
  if (arrival.found || arrival.disguised)
    return { hop, id, state: 'passed', known: ['backend'], seen: `${title} has it` }
  const sent = exportersOf(facts).reduce((sum, tally) => sum + tally.sent, 0)
  if (signal !== 'metrics' && sent > 0)
    return { hop, id, state: 'passed', known: ['tap'], seen: `${title} took ${itemsOf(signal, sent)}` }
  return {
    hop,
    id,
    state: 'unknown',
    known: ['backend'],
    seen: `${title} is ready${ready.said ? ` (${ready.said})` : ''}; nothing of it came yet`,
  }
}

function exportersOf(facts: Facts): (Tally & { id: string })[] {
  const { topology } = facts.configs
  if (topology === undefined) return []
  const ids = pipelinesOf(topology, facts.signal).flatMap(({ exporters }) => exporters)
  return [...new Set(ids)]
    .filter((id) => topology.exporters.has(id) && !['debug', 'file', 'nop'].includes(topology.exporters.get(id)!.type))
    .map((id) => ({ id, ...tallyAt(facts, { kind: 'exporter', id }) }))
}

interface Refusal {
  said: string
  /** Undefined where nobody has counted it by items. */
  count?: number
  held: boolean
  /** It took others. */
  some: boolean
  known: Hop['known']
}

/** The data turned away in the backend's own words. */
function refusalOf(facts: Facts): Refusal | undefined {
  if (facts.tap === undefined) return countedRefusal(facts)
  const known: Hop['known'] = ['tap', 'backend']
  for (const tally of exportersOf(facts)) {
    const { rejected, failed, said, sent } = tally
    const refusal = { known, held: false, some: sent > Math.max(rejected, failed) }
    if (rejected > 0) return { ...refusal, said: said.sent ?? '', count: rejected }
    const part = { kind: 'exporters' as const, id: tally.id }
    if (failed > 0 && isBackends(facts, part, said.failed ?? '', 'failed'))
      return { ...refusal, said: said.failed ?? '', count: failed }
    if (sent === 0 && tally.last === 'retrying' && isBackends(facts, part, said.retrying ?? '', 'retrying')) {
      return { ...refusal, said: said.retrying ?? '', count: tally.in, held: true }
    }
  }
  return undefined
}

/** Without a tap, as the collector counted and logged it of everybody's. */
function countedRefusal(facts: Facts): Refusal | undefined {
  if (facts.arrival.found) return undefined
  for (const { id } of exportersOf(facts)) {
    const { said, sent, lost, queued, known } = countedExport(facts, id) ?? {}
    if (said === undefined || sent !== 0 || !known || !isBackends(facts, { kind: 'exporters', id }, said, 'failed'))
      continue
    if (lost) return { said, count: lost, held: false, some: false, known }
    if (queued) return { said, held: true, some: false, known }
  }
  return undefined
}
