import type { Passage } from '../engine.ts'
import type { Hop } from './hop.ts'
import { type Mark, marksOf } from './marks.ts'
import type { Sighting } from './sighting.ts'

export interface Evidence {
  /** What the engine's tap saw, oldest first; empty where there is none. */
  passages: readonly Passage[]
  /** Sightings of the same thing at other doors: by its id a trace is there before a search finds it. */
  others: readonly Sighting[]
  /** When the sender of the thing had its answer, where we sent it ourselves. */
  acknowledgedAt?: number
}

/** The hops of one sighting, in order; they add up to all of it. */
export function hopsOf(sighting: Sighting, { passages, others, acknowledgedAt }: Evidence): Hop[] {
  const { door, madeAt, seenAt, queryMs } = sighting
  const inCollector = marksOf(sighting, passages)
  const marks: Mark[] = [...inCollector]
  if (inCollector.length === 0 && acknowledgedAt !== undefined) {
    marks.push({ key: 'receive', at: acknowledgedAt, known: 'measured', from: "the collector's answer to our request" })
  }
  /** Whether nobody saw what is before the next mark. */
  const hidden = inCollector.length === 0
  const first = (key: string, at: number, from: string): Mark =>
    hidden
      ? { key: UNSEEN, at, known: 'derived', from: 'what is left between the two ends' }
      : { key, at, known: 'derived', from }
  const byId = others.find((one) => one.door === 'trace-by-id' && !one.late)
  if (byId && (door === 'trace-by-search' || door === 'trace-by-metrics')) {
    marks.push(first('ingest', byId.seenAt - byId.queryMs, 'when its id first gave it'))
    marks.push({ key: 'cut', at: seenAt - queryMs, known: 'derived', from: 'when the query found it, less that' })
  } else if (sighting.sampledAt !== undefined) {
    const scrape: Mark = { key: 'scrape', at: sighting.sampledAt, known: 'measured', from: "the sample's own time" }
    marks.push(hidden ? { ...scrape, key: UNSEEN_TO_SCRAPE, known: 'derived' } : scrape)
    marks.push({ key: 'ingest', at: seenAt - queryMs, known: 'derived', from: "from the sample's time to the answer" })
  } else {
    marks.push(first(LAST_HOP[door] ?? 'ingest', seenAt - queryMs, 'from there to the answer'))
  }
  if (queryMs > 0) marks.push({ key: 'query', at: seenAt, known: 'measured', from: 'how long the answer took' })
  return hopsBetween(madeAt, marks)
}

/** What lies between two ends and nobody saw, where no tap is: the account splits it by what the configs say. */
export const UNSEEN = 'collector and backend'
/** The same up to Prometheus' visit, whose time is known. */
export const UNSEEN_TO_SCRAPE = 'collector and scrape'

/** Where the way goes on from the collector, if nothing tells more. */
const LAST_HOP: Partial<Record<Sighting['door'], string>> = {
  'trace-by-search': 'cut',
  'trace-by-metrics': 'cut',
  'logs-by-tail': 'tail',
  'metrics-by-exemplar': 'scrape',
  metrics: 'scrape',
}

/** From mark to mark; an answer may be overtaken by what it tells of, so that no mark may lie behind a later one. */
function hopsBetween(madeAt: number, marks: readonly Mark[]): Hop[] {
  const end = marks.at(-1)?.at ?? madeAt
  let before = madeAt
  return marks.map(({ at, ...mark }) => {
    const until = Math.min(Math.max(before, at), Math.max(before, end))
    const ms = until - before
    before = until
    return { ...mark, ms }
  })
}
