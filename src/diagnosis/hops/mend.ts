import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import type { Topology } from '../read/topology.ts'

export interface Part {
  kind: 'processors' | 'exporters' | 'connectors' | 'receivers' | 'pipelines'
  id: string
}

/**
 * The mend of what a config does, with its reason to be said. The file may be right already: the collector reads it
 * when it starts, and nobody has let it.
 */
export function mendOf(facts: Facts, part: Part, next: string): Pick<Hop, 'next'> {
  const { edited, invalid, shown } = facts.configs
  if (edited === undefined || facts.configs.topology === undefined) return { next }
  if (invalid)
    return {
      next: `${shown} was edited, but the collector would refuse it (${invalid}). Mend that first: otel-lab config validate`,
    }
  const same = JSON.stringify(partOf(edited, part)) === JSON.stringify(partOf(facts.configs.topology, part))
  if (same) return { next }
  return {
    next: `${shown} says otherwise by now, but the collector that runs has not read it: otel-lab restart otel-collector`,
  }
}

function partOf(topology: Topology, { kind, id }: Part): unknown {
  if (kind !== 'pipelines') return topology[kind].get(id)?.settings
  const found = topology.pipelines.find((one) => one.id === id)
  return found && { receivers: found.receivers, processors: found.processors, exporters: found.exporters }
}

/** A component's place in the file, as editors take it. */
export function placeOf({ configs }: Facts, { kind, id }: Part): string {
  const line = kind === 'pipelines' ? undefined : (configs.edited ?? configs.topology)?.[kind].get(id)?.line
  return line === undefined ? configs.shown : `${configs.shown}:${line}`
}
