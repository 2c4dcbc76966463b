import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BackendAddress } from '../../backends/http.ts'
import { toNanos } from '../../backends/time.ts'
import type { Backends } from '../../backends.ts'
import { LabError } from '../../errors.ts'
import type { Signal } from '../../util/signal.ts'
import { DOORS, type Door, forDoors, SIGNAL_OF } from '../door.ts'
import { poll } from '../poll.ts'
import { type Look, momentOf, type Sighting } from '../sighting.ts'
import { type Back, doorsFor, type Fault, linesBack, type PolledDoor } from './looks.ts'
import { makeProbe, type Probe, requestsOf } from './probe.ts'
import { type Acknowledged, openSender } from './send.ts'

export interface SessionOptions {
  backends: Pick<Backends, 'tempo' | 'prometheus' | 'loki'>
  /** Where the collector takes OTLP over HTTP. */
  collector: BackendAddress | undefined
  /** Marks everything that is sent: a run id. */
  session: string
  /** After so long what has not come back is missing. */
  deadlineMs: number
  signal: AbortSignal
  now: () => number
  doors?: readonly Door[]
  onEvent: (event: SessionEvent) => void
}

export type SessionEvent =
  | { type: 'sent'; probe: Probe; acknowledged: Acknowledged }
  | { type: 'refused'; probe: Probe; error: LabError }
  | { type: 'seen'; door: Door; sighting: Sighting; fault?: Fault }
  | { type: 'missing'; door: Door; probe: Probe }
  /** Another probe's exemplar took its place before anybody looked: nothing is wrong. */
  | { type: 'superseded'; door: Door; probe: Probe }
  | { type: 'requestfailed'; door: Door; error: LabError }

export interface Session {
  /** Sends a probe, made now, to be watched for at every door. */
  send(): Promise<void>
  /** Doors at which probes are waited for, with when the oldest of them was made. */
  waiting(): { door: Door; since: number }[]
  /** What is out of this signal, and what is sent later, is missing at once. */
  giveUp(signal: Signal): void
  /** Resolves when every probe is seen or missing. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Sends probes and watches every door for them, until `close`. What it holds is bounded by the deadline. */
export function openSession(options: SessionOptions): Session {
  const { backends, session, deadlineMs, now, onEvent, doors = DOORS } = options
  const closed = new AbortController()
  const signal = AbortSignal.any([options.signal, closed.signal])
  const sender = openSender(options.collector, now, signal)
  // Each door listens, and each of its requests.
  setMaxListeners(0, signal, closed.signal)
  const asks = doorsFor(backends, { session, signal, now })
  const pending = forDoors(() => new Map<number, Probe>())
  const lost = new Set<Signal>()
  const least = new Map<Door, number>()
  const startedAt = now()
  let sequence = 0
  let sending = 0

  const seen = (door: Door, back: Back, look: Look) => {
    const probe = pending[door].get(back.sequence)
    if (probe === undefined || look.began < probe.madeAt) return
    pending[door].delete(back.sequence)
    const { sampledAt, fault } = back
    const { madeAt, traceId } = probe
    const found = { door, what: String(probe.sequence), runId: session, traceId, madeAt, ...momentOf(look, madeAt) }
    const sighting: Sighting = { ...found, ...(sampledAt === undefined ? {} : { sampledAt }) }
    least.set(door, Math.min(least.get(door) ?? Number.POSITIVE_INFINITY, sighting.seenAt - madeAt))
    onEvent({ type: 'seen', door, sighting, ...(fault ? { fault } : {}) })
    // Its series has one exemplar, and this is the newer.
    if (door !== 'metrics-by-exemplar') return
    for (const older of pending[door].values()) {
      if (older.sequence >= probe.sequence || older.sequence % 8 !== probe.sequence % 8) continue
      pending[door].delete(older.sequence)
      onEvent({ type: 'superseded', door, probe: older })
    }
  }
  const expire = (door: Door) => {
    for (const probe of pending[door].values()) {
      if (now() < probe.madeAt + deadlineMs && !lost.has(SIGNAL_OF[door])) continue
      pending[door].delete(probe.sequence)
      onEvent({ type: 'missing', door, probe })
    }
  }
  const listOf = (door: Door) => [...pending[door].values()]

  async function watch(door: PolledDoor): Promise<void> {
    const age = () => Math.max((least.get(door) ?? 0) / 2, now() - Math.max(...listOf(door).map((p) => p.madeAt)))
    while (!signal.aborted) {
      if (pending[door].size === 0) {
        await sleep(10, undefined, { signal })
        continue
      }
      const deadline = () => Number.POSITIVE_INFINITY
      const onFault = (error: LabError) => {
        onEvent({ type: 'requestfailed', door, error })
        expire(door)
      }
      await poll(
        { deadline, now, signal, age, onFault, patient: true, isDone: () => pending[door].size === 0 },
        () => asks[door](listOf(door)),
        (back, look) => {
          for (const one of back) seen(door, one, look)
          expire(door)
          return pending[door].size === 0
        },
      )
    }
  }

  async function tail(): Promise<void> {
    const query = `{service_instance_id=${JSON.stringify(session)}}`
    while (!signal.aborted) {
      try {
        await backends.loki.tail(query, {
          startNs: toNanos(now() - 1_000),
          signal,
          onLines(rows) {
            const at = now()
            const lines = rows.map(({ line }) => line)
            for (const one of linesBack(lines, listOf('logs-by-tail'))) {
              seen('logs-by-tail', one, { before: at, began: at, ended: at })
            }
          },
        })
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        onEvent({ type: 'requestfailed', door: 'logs-by-tail', error })
      }
      if (!signal.aborted) await sleep(1_000, undefined, { signal })
    }
  }
  async function expireTail(): Promise<void> {
    while (!signal.aborted) {
      await sleep(100, undefined, { signal })
      expire('logs-by-tail')
    }
  }

  const polled = doors.filter((door) => door !== 'logs-by-tail')
  const loops = [...polled.map(watch), ...(doors.includes('logs-by-tail') ? [tail(), expireTail()] : [])].map((loop) =>
    loop.catch((error: unknown) => {
      if (!signal.aborted) throw error
    }),
  )
  // The first that breaks for a reason that is no LabError ends the session.
  const broken = Promise.all(loops)
  broken.catch(() => closed.abort())

  return {
    async send() {
      const probe = makeProbe(++sequence, now())
      for (const door of doors) pending[door].set(probe.sequence, probe)
      sending++
      try {
        const acknowledged = await sender.send(requestsOf(probe, { session, startedAt }))
        onEvent({ type: 'sent', probe, acknowledged })
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        for (const door of doors) pending[door].delete(probe.sequence)
        onEvent({ type: 'refused', probe, error })
      } finally {
        sending--
      }
    },
    waiting: () =>
      doors.flatMap((door) => {
        const [oldest] = listOf(door)
        return oldest ? [{ door, since: oldest.madeAt }] : []
      }),
    giveUp(what) {
      lost.add(what)
      for (const door of doors) expire(door)
    },
    async settled() {
      while (!closed.signal.aborted && (sending > 0 || doors.some((door) => pending[door].size > 0))) {
        await sleep(20, undefined, { signal: options.signal })
      }
    },
    async close() {
      closed.abort()
      await broken
    },
  }
}
