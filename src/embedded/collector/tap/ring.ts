import type { Payload } from '../payload.ts'
import type { Passed, TapQuery } from './notes.ts'
import { hasTrace, type Summarize } from './summary.ts'

type Held = Pick<Payload, 'signal' | 'data'> | string

const MAX_PASSAGES = 4_096
/** Of what payloads take on the wire; the objects that they are held as take some times more. */
const MAX_BYTES = 2 << 20
const MAX_ONE = 512 << 10
/** What an item takes on the wire, where nobody has counted. */
const ITEM_BYTES = 300
const LIMIT = 1_000
const MAX_LIMIT = MAX_PASSAGES

/** The newest passages, and of the newest of those what travelled. */
export function createRing(startMs: number, summaryOf: Summarize) {
  const firstSeq = Math.floor(startMs) * 1000
  let from = startMs
  let passages: (Passed & { kept?: Held })[] = []
  /** Data that stands at several places is held once. */
  const holders = new Map<object | string, { bytes: number; count: number }>()
  let bytes = 0
  /** Nothing before it holds a payload any more. */
  let light = firstSeq
  let seq = firstSeq

  const key = (held: Held) => (typeof held === 'string' ? held : held.data)
  const drop = (passage: { kept?: Held }) => {
    if (passage.kept === undefined) return
    const holder = holders.get(key(passage.kept))!
    holder.count--
    if (holder.count === 0) {
      bytes -= holder.bytes
      holders.delete(key(passage.kept))
    }
    delete passage.kept
  }
  const at = (wanted: number) => passages[wanted - (passages[0]?.seq ?? 0)]

  function hold(passage: Passed & { kept?: Held }, held: Held): void {
    const size = passage.bytes ?? passage.items * ITEM_BYTES
    if (size > MAX_ONE) return
    passage.kept = typeof held === 'string' ? held : ({ signal: held.signal, data: held.data } as Held)
    const holder = holders.get(key(held))
    if (holder) holder.count++
    else {
      holders.set(key(held), { bytes: size, count: 1 })
      bytes += size
    }
    for (; bytes > MAX_BYTES && light <= passage.seq; light++) {
      const old = at(light)
      if (old) drop(old)
    }
  }

  /** Where a payload has more traces than its passage names, it is looked at itself, while it is held. */
  const isIn = ({ kept }: { kept?: Held }, traceId: string): boolean =>
    kept !== undefined && typeof kept !== 'string' && summaryOf(kept).more && hasTrace(kept, traceId)

  return {
    add(passage: Omit<Passed, 'seq'>, held: Held): void {
      const one: Passed & { kept?: Held } = { ...passage, seq: ++seq }
      passages.push(one)
      // Cut in large pieces: moving what stays costs.
      if (passages.length >= 1.25 * MAX_PASSAGES) {
        for (const old of passages.slice(0, -MAX_PASSAGES)) drop(old)
        passages = passages.slice(-MAX_PASSAGES)
        from = passages[0]!.at
      }
      hold(one, held)
    },
    from: () => from,
    held: (wanted: number): Held | undefined => at(wanted)?.kept,
    find({ after, since, runId, traceId, kind, id, limit = LIMIT }: TapQuery): Passed[] {
      const from = after === undefined ? 0 : Math.max(0, after + 1 - (passages[0]?.seq ?? 0))
      const fits = (one: Passed & { kept?: Held }) =>
        (since === undefined || one.at >= since) &&
        (kind === undefined || one.kind === kind) &&
        (id === undefined || one.id === id) &&
        (runId === undefined || one.runIds.includes(runId) || one.cameAs.includes(runId)) &&
        (traceId === undefined || one.traceIds.includes(traceId) || isIn(one, traceId))
      const found = passages.slice(from).filter(fits)
      const most = Math.min(limit, MAX_LIMIT)
      const chosen = after === undefined ? found.slice(-most) : found.slice(0, most)
      return chosen.map(({ kept: _, ...passage }) => passage)
    },
  }
}
