import type { Hop } from './contract.ts'
import type { Facts } from './facts.ts'
import { type Pipeline, pipelinesOf } from './read/topology.ts'
import { tallyAt } from './way.ts'

/**
 * Whether a hop's fault does not keep the run from its backend, because another way led there: a second pipeline that
 * drops all but errors, or a second exporter whose far end is away.
 */
export function isAside(facts: Facts, { hop, id, pipeline }: Hop): boolean {
  const { topology } = facts.configs
  if (!facts.arrival.found || topology === undefined || pipeline === undefined || facts.tap === undefined) return false
  // Who misses what debug prints asks for that way and not for the backend.
  if (facts.missed === 'output' && id !== undefined && topology.exporters.get(id)?.type === 'debug') return false
  const pipelines = pipelinesOf(topology, facts.signal)
  const delivering = (one: Pipeline) => one.exporters.filter((exporter) => delivers(facts, exporter, one.id))
  const own = pipelines.find((one) => one.id === pipeline)
  if (own === undefined) return false
  const ends = delivering(own)
  if (ends.length > 0) return hop === 'exporter' && id !== undefined && !ends.includes(id)
  return pipelines.some((one) => delivering(one).length > 0)
}

function delivers(facts: Facts, id: string, pipeline: string): boolean {
  const type = facts.configs.topology?.exporters.get(id)?.type
  if (type === undefined || ['debug', 'file', 'nop'].includes(type)) return false
  const tally = tallyAt(facts, { kind: 'exporter', id, pipeline })
  return type === 'prometheus' ? tally.in > 0 : tally.in > 0 && tally.sent > 0
}
