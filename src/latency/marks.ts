import type { Passage } from '../engine.ts'
import { SIGNAL_OF } from './door.ts'
import type { Hop } from './hop.ts'
import type { Sighting } from './sighting.ts'

/** The end of a hop. */
export interface Mark extends Omit<Hop, 'ms'> {
  /** Milliseconds since the epoch. */
  at: number
}

/** A clock of another process may be read this much too early. */
const CLOCK_MS = 2

/**
 * The places that a thing passed in the collector. A payload is known by the trace ids and run ids that it carries;
 * of several the first after the thing's making is the one that took it along.
 */
export function marksOf(sighting: Sighting, all: readonly Passage[]): Mark[] {
  const signal = SIGNAL_OF[sighting.door]
  const { runId, traceId } = sighting
  const ofTrace = (one: Passage) => traceId !== undefined && one.traceIds.includes(traceId)
  // A metric's payload names traces by exemplars only, and a log line may have none: then the run tells which are ours.
  const exact = all.some((one) => one.signal === signal && ofTrace(one))
  const isOurs = (one: Passage) => (exact || signal === 'traces' ? ofTrace(one) : carries(one, runId))
  const passages = all.filter((one) => one.signal === signal && isOurs(one))
  const from = (sighting.madeAt ?? 0) - CLOCK_MS
  const came = passages.find(
    ({ kind, step, at }) => kind === 'receiver' && step === 'in' && at >= from && at <= sighting.seenAt,
  )
  if (came === undefined) return []
  const marks: Mark[] = [
    { key: 'sdk', at: came.at, known: 'measured', from: `tap: the request comes to receiver ${came.id}` },
  ]
  let at = came.at
  let seq = came.seq
  /** Steps on to the first passage after the last one that fits. */
  const next = (fits: (one: Passage) => boolean): Passage | undefined => {
    const found = passages.find((one) => one.seq > seq && fits(one))
    if (found) [seq, at] = [found.seq, found.at]
    return found
  }
  const mark = (key: string, from: string, said?: string) => {
    marks.push({ key, at, known: 'measured', from, ...(said === undefined ? {} : { said }) })
  }
  const out = next((one) => one.kind === 'receiver' && one.step === 'out')
  if (out) mark(`receiver/${came.id}`, 'tap: in and out')
  while (true) {
    const into = next(({ kind, step }) => step === 'in' && kind !== 'receiver')
    if (into === undefined) break
    const key = `${into.kind}/${into.id}`
    if (into.kind === 'exporter') {
      // It keeps a page for whoever comes: being fetched is the next hop.
      if (passages.some((one) => one.id === into.id && one.protocol?.includes('scraped'))) break
      const sent = passages.find((one) => one.seq > into.seq && isSent(one, into.id))
      // One that only prints, or another way that has not got there.
      if (sent === undefined) continue
      const trouble = passages.find((one) => one.id === into.id && TROUBLE.has(one.step) && one.seq < sent.seq)
      at = sent.at
      mark(key, 'tap: from its queue to the answer of the backend', trouble?.said)
      break
    }
    const left = next((one) => one.kind === into.kind && one.id === into.id && one.step === 'out')
    if (left) mark(key, 'tap: in and out')
  }
  return marks
}

const TROUBLE = new Set<string>(['failed', 'retrying', 'refused'])

/** It left the process. */
const isSent = (one: Passage, id: string) =>
  one.kind === 'exporter' && one.id === id && one.step === 'sent' && one.protocol !== undefined

const carries = ({ runIds, cameAs }: Passage, runId: string) => runIds.includes(runId) || cameAs.includes(runId)
