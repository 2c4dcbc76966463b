import { setTimeout as sleep } from 'node:timers/promises'
import { decodeRequest, encodeRequest } from '../../otlp/protobuf.ts'
import type { Signal, SignalData } from '../../otlp/types.ts'
import { openJournal } from '../journal.ts'
import { type Accept, type Consume, type Metadata, type Payload, Refusal } from './component.ts'
import { createDelivery, type Delivery } from './delivery.ts'

/**
 * Between the receivers and the pipelines: what was accepted is on disk until every exporter is done with it.
 * The real collector keeps its batches in memory and loses them when it is killed; a lab must not lose what it
 * said it had.
 */
export interface Intake {
  wrap(next: Consume): Accept
  /** Sends what an earlier process had accepted and not got rid of. */
  replay(entries: Partial<Record<Signal, Consume>>): Promise<number>
  close(): Promise<void>
}

const SIGNALS: Signal[] = ['traces', 'metrics', 'logs']

/** Past this, a journal that nobody needs any more is cut off. */
const TIDY_BYTES = 64 * 1024

/** How long to wait before offering again what a pipeline had no room for. */
const RETRY_MS = 200

export async function openIntake(dir: string, warn: (message: string) => void): Promise<Intake> {
  const left: { signal: Signal; bytes: Uint8Array; segment: number }[] = []
  /** How many records of a segment are still on their way. */
  const open = new Map<number, number>()
  const journal = await openJournal(dir, {
    onRecord: (record, segment) => {
      const signal = SIGNALS[record[0]!]
      if (signal) left.push({ signal, bytes: record.slice(1), segment })
    },
    onTruncated: ({ file, lostBytes }) => warn(`cut ${lostBytes} damaged bytes off ${file}`),
  })

  let tidying: Promise<unknown> = Promise.resolve()
  const count = (segment: number, by: number) => open.set(segment, (open.get(segment) ?? 0) + by)
  /** Drops the segments from the oldest on that nothing waits for. */
  const tidy = (evenSmall = false) => {
    tidying = tidying.then(async () => {
      const busy = [...open].filter(([, records]) => records > 0).map(([segment]) => segment)
      if (busy.length === 0 && (evenSmall ? journal.bytes > 0 : journal.bytes > TIDY_BYTES)) await journal.rotate()
      const oldest = Math.min(journal.segment, ...busy)
      await journal.dropBefore(oldest)
      for (const segment of open.keys()) if (segment < oldest) open.delete(segment)
    })
    tidying = tidying.catch((error: Error) => warn(error.message))
  }

  let closed = false
  /** A full queue or a full memory passes. False when the journal was closed before it did. */
  async function sendAgain(
    next: Consume,
    signal: Signal,
    data: SignalData[Signal],
    forget: () => void,
  ): Promise<boolean> {
    while (!closed) {
      // What some of the consumers took of a try that others refused must not count.
      let refused = false
      const delivery = createDelivery(() => {
        if (!refused) forget()
      })
      try {
        await send(next, signal, data, delivery)
        return true
      } catch (error) {
        if (!(error instanceof Refusal) || error.permanent) throw error
        refused = true
        await sleep(RETRY_MS, undefined, { ref: false })
      }
    }
    return false
  }

  const send = (
    next: Consume,
    signal: Signal,
    data: SignalData[Signal],
    delivery: Delivery,
    metadata?: Metadata,
  ): Promise<void> | void => next({ signal, data, delivery, ...(metadata ? { metadata } : {}) } as Payload)

  return {
    wrap:
      (next) =>
      async (signal, data, raw = encodeRequest(signal, data), metadata = undefined) => {
        // Both at once: whichever ends last, the record is forgotten only when it is on disk and delivered.
        let segment: number | undefined
        let over = false
        const finish = () => {
          if (segment === undefined) return
          count(segment, -1)
          tidy()
        }
        const delivery = createDelivery(() => {
          over = true
          finish()
        })
        await send(next, signal, data, delivery, metadata)
        const record = new Uint8Array(raw.length + 1)
        record[0] = SIGNALS.indexOf(signal)
        record.set(raw, 1)
        segment = (await journal.append(record)).segment
        count(segment, 1)
        if (over) finish()
      },
    async replay(entries) {
      let sent = 0
      for (const { segment } of left) count(segment, 1)
      for (const { signal, bytes, segment } of left.splice(0)) {
        const forget = () => {
          count(segment, -1)
          tidy()
        }
        const next = entries[signal]
        try {
          if (next && (await sendAgain(next, signal, decodeRequest(signal, bytes), forget))) sent++
          else if (!next) forget()
        } catch (error) {
          forget()
          warn(`could not send again what an earlier process had accepted: ${(error as Error).message}`)
        }
        if (closed) break
      }
      tidy()
      return sent
    },
    async close() {
      closed = true
      tidy(true)
      await tidying
      await journal.close()
    },
  }
}
