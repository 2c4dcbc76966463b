import { setTimeout as sleep } from 'node:timers/promises'
import { decodeToPassOn, encodeRequest } from '../../otlp/protobuf.ts'
import type { Signal, SignalData } from '../../otlp/types.ts'
import { openJournal } from '../journal.ts'
import { type Accept, type Consume, ConsumerError, type Metadata, type Payload } from './component.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import { asDone, asRequest, asSettled, type Request, readRecord } from './intake/records.ts'

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

/** So long a request may be under way before it is noted which ends of pipelines are done with it. */
const SETTLED_MS = 1_000

/** Past this, requests that are still on their way are carried out of the oldest segment, so that it can go. */
const CARRY_BYTES = 64 << 20
/** What may be carried at once. */
const CARRY_AT_ONCE = 4 << 20

/** How long to wait before offering again what a pipeline had no room for. */
const RETRY_MS = 200

export async function openIntake(dir: string, warn: (message: string) => void): Promise<Intake> {
  const left = new Map<number, Request & { segment: number }>()
  /** Of requests that are on their way: in which segment, and which ends of pipelines are done with them. */
  const where = new Map<number, number>()
  const settled = new Map<number, Set<string>>()
  /** Of those, what is not on disk yet. */
  const unsaid = new Set<number>()
  /** How many records of a segment are still on their way. */
  const open = new Map<number, number>()
  let lastId = Date.now() * 1000
  const journal = await openJournal(dir, {
    onRecord: (bytes, segment) => {
      const record = readRecord(bytes)
      if (record === undefined) return
      if ('done' in record) {
        for (const id of record.done) {
          left.delete(id)
          settled.delete(id)
        }
      } else if ('settled' in record) {
        for (const [id, ends] of record.settled) settled.set(id, new Set(ends))
      } else {
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
  for (const id of settled.keys()) if (!left.has(id)) settled.delete(id)
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
        if (!over) await carry()
        // Asked again: the rotation may first have written what came in meanwhile.
        const oldest = Math.min(journal.segment, ...busy())
        await journal.dropBefore(oldest)
        for (const segment of open.keys()) if (segment < oldest) open.delete(segment)
      })
      // A full disk is told of when the next request comes in; until then it only means to send some twice.
      .catch((error: Error) => warn(error.message))
  }
  const finish = (id: number) => {
    const segment = where.get(id)
    // Delivered before it was on disk: told again then.
    if (segment === undefined) return
    where.delete(id)
    settled.delete(id)
    unsaid.delete(id)
    count(segment, -1)
    if (closed) return
    finished.push(id)
    timer ??= setTimeout(tidy, DONE_MS)
  }
  const keep = (id: number, segment: number) => {
    where.set(id, segment)
    count(segment, 1)
  }

  let settling: NodeJS.Timeout | undefined
  const settle = (id: number, end: string) => {
    const ends = settled.get(id) ?? new Set()
    settled.set(id, ends.add(end))
    unsaid.add(id)
    settling ??= setTimeout(saySettled, SETTLED_MS).unref()
  }
  /** Until then a crash gives some of them twice to the same end. */
  const saySettled = () => {
    clearTimeout(settling)
    settling = undefined
    const known = new Map([...unsaid].filter((id) => where.has(id)).map((id) => [id, settled.get(id)!] as const))
    unsaid.clear()
    if (known.size === 0) return
    tidying = tidying.then(() => journal.append(() => asSettled(known))).catch((error: Error) => warn(error.message))
  }

  /** One request that nobody fetches must not keep all that came after it on disk. */
  const carry = async () => {
    const oldest = Math.min(...busy())
    if (journal.bytes <= CARRY_BYTES || oldest >= journal.segment) return
    const still: Request[] = []
    let bytes = 0
    await journal.read(oldest, (one) => {
      const record = readRecord(one)
      if (record === undefined || !('signal' in record) || where.get(record.id) !== oldest) return
      still.push(record)
      bytes += one.length
    })
    if (bytes > CARRY_AT_ONCE) return
    for (const { id, signal, bytes } of still) {
      const { segment } = await journal.append(() => asRequest(id, signal, bytes))
      const ends = settled.get(id)
      if (ends) await journal.append(() => asSettled(new Map([[id, ends]])))
      // Delivered meanwhile, it is noted as done behind this.
      if (where.get(id) !== oldest) continue
      count(oldest, -1)
      keep(id, segment)
    }
  }

  const send = (
    next: Consume,
    signal: Signal,
    data: SignalData[Signal],
    delivery: Delivery,
    metadata?: Metadata,
  ): Promise<void> | void => next({ signal, data, delivery, ...(metadata ? { metadata } : {}) } as Payload)

  /** A full queue or a full memory passes. False when the journal was closed before it did. */
  async function sendAgain(next: Consume, { id, signal, bytes }: Request) {
    const data = decodeToPassOn(signal, bytes)
    while (!closed) {
      // What some of the consumers took of a try that others refused must not count.
      let refused = false
      const before = settled.get(id)
      const delivery = createDelivery(() => !refused && finish(id), {
        ...(before && { settled: new Set(before) }),
        onSettled: (end) => !refused && settle(id, end),
      })
      try {
        await send(next, signal, data, delivery)
        return true
      } catch (error) {
        if (!(error instanceof ConsumerError) || error.permanent) throw error
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
        let over = false
        const onDone = () => {
          over = true
          finish(id)
        }
        const delivery = createDelivery(onDone, { onSettled: (end) => !over && settle(id, end) })
        try {
          await send(next, signal, data, delivery, metadata)
          keep(id, (await journal.append(() => asRequest(id, signal, raw))).segment)
        } catch (error) {
          // The sender is told, and sends it again or not.
          over = true
          settled.delete(id)
          throw error
        }
        if (over) finish(id)
      },
    async replay(entries) {
      const requests = [...left.values()]
      left.clear()
      for (const { id, segment } of requests) keep(id, segment)
      let sent = 0
      for (const request of requests) {
        const next = entries[request.signal]
        try {
          if (!next) finish(request.id)
          else if (await sendAgain(next, request)) sent++
        } catch (error) {
          finish(request.id)
          warn(`could not send again what an earlier process had accepted: ${(error as Error).message}`)
        }
        if (closed) break
      }
      tidy()
      return sent
    },
    async close() {
      closed = true
      saySettled()
      tidy(true)
      await tidying
      await journal.close()
    },
  }
}
