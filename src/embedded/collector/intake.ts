import { setTimeout as sleep } from 'node:timers/promises'
import { decodeRequest, encodeRequest } from '../../otlp/protobuf.ts'
import type { Signal, SignalData } from '../../otlp/types.ts'
import { openJournal } from '../journal.ts'
import { type Accept, type Consume, type Metadata, type Payload, Refusal } from './component.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import { asDone, asRequest, type Request, readRecord } from './intake/records.ts'

/**
 * Between the receivers and the pipelines: what was accepted is on disk until every exporter is done with it.
 * The real collector keeps its batches in memory and loses them when it is killed; a lab must not lose what it
 * said it had.
 */
export interface Intake {
  wrap(next: Consume): Accept
  /** Sends what an earlier process had accepted and not got rid of. Resolves with how many requests that were. */
  replay(entries: Partial<Record<Signal, Consume>>): Promise<number>
  close(): Promise<void>
}

/** How long the word that requests are delivered may wait for more of its kind; after a crash those are sent twice. */
const DONE_MS = 50

/** Past this, a journal that nobody needs any more is cut off. */
const TIDY_BYTES = 256 * 1024

/** How long to wait before offering again what a pipeline had no room for. */
const RETRY_MS = 200

export async function openIntake(dir: string, warn: (message: string) => void): Promise<Intake> {
  const left = new Map<number, Request & { segment: number }>()
  /** How many records of a segment are still on their way. */
  const open = new Map<number, number>()
  let lastId = Date.now() * 1000
  const journal = await openJournal(dir, {
    onRecord: (bytes, segment) => {
      const record = readRecord(bytes)
      if (record === undefined) return
      if ('done' in record) for (const id of record.done) left.delete(id)
      else {
        left.set(record.id, { ...record, segment })
        lastId = Math.max(lastId, record.id)
      }
    },
    onTruncated: ({ file, lostBytes }) => warn(`cut an unfinished write of ${lostBytes} bytes off ${file}`),
    onDamaged: ({ file, lostBytes, keptIn }) =>
      warn(
        `${lostBytes} bytes of ${file} are damaged${keptIn ? `, they are kept in ${keptIn}` : ''}; went on behind them`,
      ),
  })
  let closed = false
  let finished: number[] = []
  let timer: NodeJS.Timeout | undefined
  let tidying: Promise<unknown> = Promise.resolve()

  const count = (segment: number, by: number) => open.set(segment, (open.get(segment) ?? 0) + by)

  const busy = () => [...open].filter(([, records]) => records > 0).map(([segment]) => segment)

  /** Notes on disk what is delivered, and drops the segments from the oldest on that nothing waits for. */
  const tidy = (evenSmall = false) => {
    clearTimeout(timer)
    timer = undefined
    tidying = tidying
      .then(async () => {
        const done = finished
        finished = []
        const over = busy().length === 0 && (evenSmall ? journal.bytes > 0 : journal.bytes > TIDY_BYTES)
        if (over) await journal.rotate()
        else if (done.length > 0) await journal.append(() => asDone(done))
        // Asked again: the rotation may first have written what came in meanwhile.
        const oldest = Math.min(journal.segment, ...busy())
        await journal.dropBefore(oldest)
        for (const segment of open.keys()) if (segment < oldest) open.delete(segment)
      })
      // A full disk is told of when the next request comes in; until then it only means to send some twice.
      .catch((error: Error) => warn(error.message))
  }
  const finish = (id: number, segment: number) => {
    count(segment, -1)
    if (closed) return
    finished.push(id)
    timer ??= setTimeout(tidy, DONE_MS)
  }

  const send = (
    next: Consume,
    signal: Signal,
    data: SignalData[Signal],
    delivery: Delivery,
    metadata?: Metadata,
  ): Promise<void> | void => next({ signal, data, delivery, ...(metadata ? { metadata } : {}) } as Payload)

  /** A full queue or a full memory passes. False when the journal was closed before it did. */
  async function sendAgain(next: Consume, signal: Signal, data: SignalData[Signal], forget: () => void) {
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

  return {
    wrap:
      (next) =>
      async (signal, data, raw = encodeRequest(signal, data), metadata = undefined) => {
        const id = ++lastId
        // Both at once: whichever ends last, the record is forgotten only when it is on disk and delivered.
        let segment: number | undefined
        let over = false
        const delivery = createDelivery(() => {
          over = true
          if (segment !== undefined) finish(id, segment)
        })
        await send(next, signal, data, delivery, metadata)
        segment = (await journal.append(() => asRequest(id, signal, raw))).segment
        count(segment, 1)
        if (over) finish(id, segment)
      },
    async replay(entries) {
      const requests = [...left.values()]
      left.clear()
      for (const { segment } of requests) count(segment, 1)
      let sent = 0
      for (const { id, signal, bytes, segment } of requests) {
        const forget = () => finish(id, segment)
        const next = entries[signal]
        try {
          if (!next) forget()
          else if (await sendAgain(next, signal, decodeRequest(signal, bytes), forget)) sent++
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
