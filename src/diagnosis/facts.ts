import { type CollectorCounter, countersSince } from '../backends/collector-counters.ts'
import type { Readiness } from '../backends/ready.ts'
import type { Endpoints, EngineKind, Passage, ServiceStatus } from '../engine.ts'
import type { DiagnosisPorts, Missed, ObservedRun, Signal } from './contract.ts'
import { type Arrival, lookForArrival } from './facts/arrival.ts'
import { type Configs, readConfigs } from './facts/configs.ts'
import { collectorLog } from './facts/log.ts'
import { lookAtScrapes, type Scrapes } from './facts/scrapes.ts'
import { type TempoSettings, tempoSettings } from './facts/tempo.ts'
import { skewOf } from './facts/times.ts'

export interface Facts {
  run: ObservedRun
  signal: Signal
  missed: Missed | undefined
  now: number
  engine: EngineKind
  endpoints: Endpoints
  /** Absent when the engine could not say. */
  services: ServiceStatus[] | undefined
  configs: Configs
  tap: TapFacts | undefined
  /** Counted since the run began, whoever's it is; undefined when the collector tells none. */
  counters: CollectorCounter[] | undefined
  /** The collector's own lines since the run began; undefined when nobody can read them. */
  log: string[] | undefined
  /** Of the signal's backend. */
  ready: Readiness
  arrival: Arrival
  /** Of metrics. */
  scrapes: Scrapes | undefined
  /** How far the times in the data are from when it came, in milliseconds; below 0 is the past. */
  skewMs: number | undefined
  /** Of traces: Tempo's own settings. */
  tempo: TempoSettings | undefined
}

export interface TapFacts {
  /** Everything since the run began is remembered: what is not there did not pass. */
  whole: boolean
  /** Of this run and signal. */
  passages: Passage[]
  /** Of this run, of all signals. */
  all: Passage[]
  /** How many items of other programs came to the door meanwhile. */
  others: number
  payload(seq: number): Promise<{ format: string; text: string } | undefined>
}

export const BACKENDS = { traces: 'tempo', metrics: 'prometheus', logs: 'loki' } as const
export const TITLES = { traces: 'Tempo', metrics: 'Prometheus', logs: 'Loki' } as const

const MOST = 4_096
const TRACES = 5

/** Asks everybody at once; who does not answer is left out. */
export async function gatherFacts(
  ports: DiagnosisPorts,
  run: ObservedRun,
  signal: Signal,
): Promise<Omit<Facts, 'missed'>> {
  const call = ports.signal ? { signal: ports.signal } : {}
  const quietly = <T>(work: Promise<T> | undefined): Promise<T | undefined> =>
    Promise.resolve(work).catch(() => {
      ports.signal?.throwIfAborted()
      return undefined
    })
  const now = (ports.now ?? Date.now)()
  const tap = await quietly(lookAtTap(ports, run, signal))
  const traceIds = [...new Set([...(run.traceIds ?? []), ...(tap?.all ?? []).flatMap((one) => tracesOf(one, run))])]
  const [status, configs, counted, log, ready, arrival, scrapes, tempo, skewMs] = await Promise.all([
    quietly(ports.engine.status()),
    readConfigs(ports),
    quietly(ports.backends.collector.counters(call)),
    quietly(collectorLog(ports, run)),
    ports.backends[BACKENDS[signal]].ready(call).catch((error: Error) => ({ ready: false, said: error.message })),
    lookForArrival(ports, run, signal, traceIds.slice(0, TRACES), now),
    signal === 'metrics' ? quietly(lookAtScrapes(ports)) : undefined,
    signal === 'traces' ? quietly(tempoSettings(ports)) : undefined,
    quietly(skewOf(tap)),
  ])
  return {
    run,
    signal,
    now,
    engine: ports.engine.kind,
    endpoints: ports.endpoints,
    services: status?.services,
    configs,
    tap,
    counters: counted && run.before && countersSince(run.before, counted),
    log,
    ready,
    arrival,
    scrapes,
    tempo,
    skewMs,
  }
}

async function lookAtTap({ engine }: DiagnosisPorts, run: ObservedRun, signal: Signal): Promise<TapFacts | undefined> {
  const { tap } = engine
  if (tap === undefined) return undefined
  const [byRun, from, door, ...byTrace] = await Promise.all([
    tap.passages({ runId: run.runId, limit: MOST }),
    tap.rememberedFrom(),
    tap.passages({ since: new Date(run.startedAt - 1_000), limit: MOST }),
    ...(run.traceIds ?? []).slice(0, TRACES).map((traceId) => tap.passages({ traceId, limit: MOST })),
  ])
  const all = [...new Map([...byRun, ...byTrace.flat()].map((one) => [one.seq, one])).values()]
  all.sort((a, b) => a.seq - b.seq)
  const others = door
    .filter(({ kind, step, signal: of }) => kind === 'receiver' && step === 'in' && of === signal)
    .reduce((sum, { items, byRun: runs }) => sum + items - (runs[run.runId] ?? 0), 0)
  return {
    whole: from <= run.startedAt,
    all,
    passages: all.filter((one) => one.signal === signal),
    others,
    payload: (seq) => tap.payload(seq),
  }
}

/** Of a payload with several runs nobody knows which trace is whose. */
const tracesOf = ({ traceIds, runIds }: Passage, { runId }: ObservedRun) =>
  runIds.length === 1 && runIds[0] === runId ? traceIds : []
