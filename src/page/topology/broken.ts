import type { TopologyNode, WayStation } from '../../page-server/answers.ts'

/** What is drawn as broken at a place: the place itself, the arrow that goes out of it. */
export interface Mark {
  node: boolean
  arrow: boolean
}

const [NOTHING, BOTH] = [
  { node: false, arrow: false },
  { node: true, arrow: true },
]
/** They lie in the program, before its arrow. */
const IN_APP = ['app', 'sdk', 'sampling']

/** Where on the drawing the hop is at which a signal ended; `next` is what the place's arrow leads to. */
export function markOf({ hop, id }: WayStation, node: TopologyNode, next: readonly TopologyNode[] = []): Mark {
  const { kind } = node
  // A connector is one pipeline's end and another's beginning.
  if (kind === hop) {
    const isIt = id === undefined || id === node.id
    return { node: isIt, arrow: isIt && kind !== 'backend' }
  }
  if (id !== undefined && id === node.id && !['backend', 'app'].includes(kind) && !isAway(hop)) return BOTH
  if (kind === 'app' && node.id.startsWith('connector ')) return NOTHING
  if (kind === 'app' && IN_APP.includes(hop)) return BOTH
  if (kind === 'app' && hop === 'export') return { node: false, arrow: true }
  if (hop === 'scrape' && node.out?.pulled) return { node: false, arrow: true }
  if (hop === 'query' && kind === 'backend') return { node: true, arrow: false }
  // What a backend does not take breaks the arrow to it too.
  if (hop === 'backend' && next.some((one) => one.kind === 'backend' && (id === undefined || one.id === id)))
    return { node: false, arrow: true }
  return NOTHING
}

const isAway = (hop: string) => ['scrape', 'query', 'backend'].includes(hop)
