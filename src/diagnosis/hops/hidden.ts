import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'

/** Nobody waits so long for a query. */
const LONG_MS = 60_000
const TEMPO = { hop: 'backend', id: 'tempo', blame: 'work' } as const

/** What a backend took, and does not show as it came. */
export function hiddenInBackend(facts: Facts): Hop | undefined {
  return attributesCut(facts) ?? neverCut(facts) ?? keepsNoExemplars(facts)
}

function attributesCut({ arrival, tempo }: Facts): Hop | undefined {
  if (!arrival.cut) return undefined
  return {
    ...TEMPO,
    state: 'changed',
    fault: 'attributes-cut',
    known: ['backend'],
    seen: `Tempo has ${arrival.disguised}: it cuts attributes that are longer than distributor.max_attribute_bytes`,
    why: 'A query asks for the whole value and finds no span that has it',
    next: `Give distributor.max_attribute_bytes more room in ${tempo?.shown ?? "Tempo's config"} (Tempo's own is 2048), then: otel-lab restart tempo`,
  }
}

/** Tempo has the trace by its id and a search cannot find it. */
const isUnsearched = ({ arrival, signal }: Facts) =>
  signal === 'traces' && arrival.bySearch === false && arrival.count > 0

/** A search looks into blocks, and a trace comes into one only when it was idle. */
function neverCut(facts: Facts): Hop | undefined {
  const { tempo } = facts
  if (tempo === undefined || !isUnsearched(facts)) return undefined
  const idle = Math.min(tempo.idle, tempo.live)
  if (idle + tempo.check <= LONG_MS) return undefined
  const [key, ms] = idle > LONG_MS ? ['max_trace_idle', tempo.idle] : ['flush_check_period', tempo.check]
  return {
    ...TEMPO,
    state: 'held',
    fault: 'never-cut',
    known: ['backend', tempo.from],
    seen: `Tempo has it by its id, and holds it back from searches: live_store.${key} is ${ms / 1000} s`,
    why: 'Tempo cuts a trace into a searchable block when nothing came for it for max_trace_idle, and looks every flush_check_period',
    next: `Shorten live_store.${key} in ${tempo.shown} (1s), then: otel-lab restart tempo`,
  }
}

/** Tempo's search ends before now, and how far before is its setting. */
export function hiddenFromSearch(facts: Facts): Hop | undefined {
  const { tempo, arrival, run } = facts
  if (!isUnsearched(facts)) return undefined
  const base = { hop: 'query' as const, known: ['backend' as const], ...(arrival.query ? { next: arrival.query } : {}) }
  const waits = tempo ?? { idle: 5_000, live: 30_000, check: 5_000, cutoff: 30_000 }
  const until = run.endedAt + Math.max(waits.cutoff, Math.min(waits.idle, waits.live) + waits.check) + 3_000
  if (tempo && tempo.cutoff > LONG_MS) {
    return {
      hop: 'query',
      state: 'held',
      fault: 'cut-off',
      blame: 'work',
      known: ['backend', tempo.from],
      seen: `Tempo has it by its id; searches end ${tempo.cutoff / 1000} s before now (query_frontend.query_end_cutoff)`,
      why: 'With a cutoff Tempo answers only for what is older, so that no half of a trace is shown',
      next: `Set query_frontend.query_end_cutoff to 0s in ${tempo.shown}, then: otel-lab restart tempo`,
    }
  }
  const seen = 'Tempo has it by its id; a search does not find it yet'
  if (facts.now < until) return { ...base, state: 'held', waitMs: until - facts.now, seen }
  return {
    ...base,
    state: 'dropped',
    part: true,
    fault: 'not-searchable',
    blame: 'work',
    seen: 'Tempo has it by its id, and a search does not find it',
    why: 'A search looks only where the times of the spans lie: a sender with a wrong clock is out of every window',
  }
}

function keepsNoExemplars({ missed, scrapes }: Facts): Hop | undefined {
  if (missed !== 'exemplars' || scrapes?.maxExemplars === undefined || scrapes.maxExemplars > 0) return undefined
  return {
    hop: 'backend',
    id: 'prometheus',
    state: 'dropped',
    part: true,
    fault: 'no-exemplar-storage',
    blame: 'work',
    known: ['backend'],
    seen: `Prometheus keeps no exemplars: storage.exemplars.max_exemplars is ${scrapes.maxExemplars}`,
    why: 'Exemplars have a storage of their own, a ring of so many; without one each is dropped after the scrape',
    next: `Set storage.exemplars.max_exemplars to 100000 in ${scrapes.shown}, then: otel-lab restart prometheus`,
  }
}
