import { setTimeout as sleep } from 'node:timers/promises'
import type { Tap } from '../engine.ts'
import type { Signal } from '../util/signal.ts'

/** What the tap saw come in of a run. */
export interface CameIn {
  traceIds: Set<string>
  /** Those of them that got as far as an exporter: the others are dropped on purpose, or not there yet. */
  leaving: Set<string>
  signals: Set<Signal>
}

const EVERY_MS = 100

/** Tells what comes in of a run until `signal` ends it: trace ids are known so before any backend has them. */
export async function followTap(tap: Tap, runId: string, came: CameIn, signal: AbortSignal): Promise<void> {
  let after: number | undefined
  while (!signal.aborted) {
    const query = { runId, limit: 4_096, ...(after === undefined ? {} : { after }) }
    // A lab that restarts is asked again.
    const passages = await tap.passages(query).catch(() => [])
    for (const { kind, step, signal: what, traceIds, runIds } of passages) {
      if (step !== 'in') continue
      // A batch mixes programs: of one with several runs only those count that are known to be ours.
      const own = (id: string) => runIds.length === 1 || came.traceIds.has(id)
      if (kind === 'exporter' && what === 'traces') for (const id of traceIds.filter(own)) came.leaving.add(id)
      if (kind !== 'receiver') continue
      came.signals.add(what)
      if (what === 'traces' && runIds.length === 1) for (const id of traceIds) came.traceIds.add(id)
    }
    after = passages.at(-1)?.seq ?? after
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
  }
}
