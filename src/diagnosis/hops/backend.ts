import type { Hop } from '../contract.ts'
import { BACKENDS, type Facts, TITLES } from '../facts.ts'
import { pipelinesOf } from '../read/topology.ts'
import { itemsOf, type Tally, tallyAt } from '../way.ts'
import { meaningOf } from '../words.ts'
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
    const { said, count, tally } = refusal
    return {
      hop,
      id,
      state: refusal.held ? 'held' : 'dropped',
      ...(tally.sent > refusal.count || arrival.found ? { part: true as const } : {}),
      fault: 'backend-refuses',
      blame: 'work',
      known: ['tap', 'backend'],
      seen: `${title} refused ${itemsOf(signal, count)}: ${said}`,
      why: meaningOf(said),
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

/** The data turned away in the backend's own words. */
function refusalOf(facts: Facts): { said: string; count: number; held: boolean; tally: Tally } | undefined {
  for (const tally of exportersOf(facts)) {
    const { rejected, failed, said } = tally
    if (rejected > 0) return { said: said.sent ?? '', count: rejected, held: false, tally }
    const part = { kind: 'exporters' as const, id: tally.id }
    if (failed > 0 && isBackends(facts, part, said.failed ?? '', 'failed'))
      return { said: said.failed ?? '', count: failed, held: false, tally }
    if (tally.sent === 0 && tally.last === 'retrying' && isBackends(facts, part, said.retrying ?? '', 'retrying')) {
      return { said: said.retrying ?? '', count: tally.in, held: true, tally }
    }
  }
  return undefined
}
