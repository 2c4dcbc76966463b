import { type Backends, scrapesOf } from '../backends.ts'
import type { Diagnosis, DiagnosisPorts } from '../diagnosis.ts'
import type { Endpoints, Engine, Passage, ServiceName } from '../engine.ts'
import type { Signal } from '../util/signal.ts'
import { accountOf } from './account.ts'
import { budgetOf, type Waits } from './budget.ts'
import { allThatDied, type MissedRun, type WhereItDied, whereItDied, whyItIsSilent } from './died.ts'
import { type Figures, figuresOf } from './distribution.ts'
import { DOORS, type Door, SIGNAL_OF } from './door.ts'
import type { Account } from './hop.ts'
import { measureMarked } from './marked.ts'
import type { SessionEvent } from './probe/session.ts'
import { type MeasuredRun, measureRuns, type ProbeEvent, preciseNow, type RunProgram } from './run.ts'
import type { Sighting } from './sighting.ts'
import { readWaits, type Sdk, settleOf } from './waits.ts'

/** What a measurement needs of the lab; the command hands it in. */
export interface MeasuredLab {
  engine: Pick<Engine, 'kind' | 'tap' | 'runningConfig'>
  endpoints: Endpoints
  backends: Backends
  /** The config file, for engines that cannot tell what runs; '' where there is none. */
  configFile: (service: ServiceName) => Promise<string>
  env: Record<string, string | undefined>
  newRunId: () => string
  signal: AbortSignal
  /** To say of what is missing where it was lost. */
  diagnosis?: DiagnosisPorts
}

/** Who makes the telemetry: a program, or we ourselves by probes. */
export type Maker = { kind: 'program'; run: RunProgram; sdk: Sdk } | { kind: 'probes' }

export interface MeasureHow {
  maker: Maker
  /** Runs of the program, or probes. */
  runs: number
  warmup: number
  deadlineMs: number
  onEvent?: (event: ProbeEvent) => void
  onProbe?: (event: SessionEvent) => void
}

export interface Measurement {
  engine: Engine['kind']
  by: Maker['kind']
  startedAt: Date
  runs: MeasuredRun[]
  wanted: number
  sightings: Record<Door, Sighting[]>
  missing: Record<Door, number>
  figures: Figures
  accounts: Partial<Record<Door, Account>>
  waits: Waits
  /** Everything that was waited for came in time. */
  complete: boolean
  /** See Measured in run.ts. */
  lateIds: number
  /** Signals of which the program sent nothing, as far as the collector knows. */
  silent: Signal[]
  faults: { door: Door; what: string; fault: string }[]
  tapped: boolean
  /** Where what is missing was lost. */
  died: Diagnosis[]
}

/** Measures every door, and accounts for each hop. Throws LabError when a backend fails for good. */
export async function measure(lab: MeasuredLab, how: MeasureHow): Promise<Measurement> {
  const waits = await waitsOf(lab, how.maker)
  const startedAt = new Date()
  const taken =
    how.maker.kind === 'program' ? await byProgram(lab, how, how.maker.run, waits) : await byProbes(lab, how, waits)
  const { acknowledged, runIds, missedRun, lastRun, ...result } = taken
  const passages = await passagesOf(lab.engine, runIds)
  const sources = { sightings: result.sightings, passages, waits, ...(acknowledged ? { acknowledged } : {}) }
  const accounts = Object.fromEntries(
    DOORS.flatMap((door) => {
      const account = accountOf(door, sources)
      return account ? [[door, account]] : []
    }),
  )
  return {
    engine: lab.engine.kind,
    by: how.maker.kind,
    startedAt,
    wanted: how.runs,
    waits,
    figures: figuresOf(result.sightings),
    accounts,
    tapped: passages.length > 0,
    died: await diedOf(lab.diagnosis, taken),
    ...result,
  }
}

type Taken = Pick<Measurement, 'runs' | 'sightings' | 'missing' | 'complete' | 'lateIds' | 'silent' | 'faults'> & {
  runIds: string[]
  acknowledged?: Map<string, number>
  /** The newest of which something is missing. */
  missedRun: MissedRun | undefined
  lastRun: MissedRun | undefined
}

async function diedOf(
  ports: DiagnosisPorts | undefined,
  { missedRun, lastRun, missing, silent }: Taken,
): Promise<Diagnosis[]> {
  if (ports === undefined) return []
  const [died, mute] = await Promise.all([
    missedRun ? allThatDied(ports, missedRun, missing) : [],
    lastRun ? whyItIsSilent(ports, lastRun, silent) : [],
  ])
  return [...died, ...mute]
}

async function byProgram(lab: MeasuredLab, how: MeasureHow, run: RunProgram, waits: Waits): Promise<Taken> {
  const { runs, warmup, deadlineMs, onEvent } = how
  const { said, ...measured } = await measureRuns({
    ...{ backends: lab.backends, newRunId: lab.newRunId, signal: lab.signal },
    ...{ run, runs, warmup, deadlineMs, settleMs: settleOf(waits) },
    searchMs: budgetOf(waits['trace-by-search']).max + 500,
    collectorMs: budgetOf(waits['trace-by-id'].filter(({ hop }) => hop !== 'sdk')).max,
    ...(lab.engine.tap ? { tap: lab.engine.tap } : {}),
    ...(onEvent ? { onEvent } : {}),
    ...lostBy(lab, waits),
  })
  const complete = measured.runs.every((one) => one.complete)
  const evidence = (one: MeasuredRun | undefined) => one && { ...one, ...said.get(one.runId), env: lab.env }
  return {
    ...measured,
    silent: [...measured.silent],
    complete,
    faults: [],
    missedRun: evidence(measured.runs.findLast((one) => !one.complete)),
    lastRun: evidence(measured.runs.at(-1)),
    runIds: measured.runs.map(({ runId }) => runId),
  }
}

/** What is lost for good is not waited for, where somebody can tell. */
function lostBy({ diagnosis, env }: MeasuredLab, waits: Waits) {
  if (diagnosis === undefined) return {}
  const mostMs = (signal: Signal) =>
    Math.max(...DOORS.filter((door) => SIGNAL_OF[door] === signal).map((door) => budgetOf(waits[door]).max))
  const find: WhereItDied = (run, signal, seen) => whereItDied(diagnosis, { ...run, env }, signal, seen)
  return { mostMs, whereItDied: find }
}

const LEAST_SPREAD_MS = 250

async function byProbes(lab: MeasuredLab, how: MeasureHow, waits: Waits): Promise<Taken> {
  const { runs, warmup, deadlineMs, onProbe } = how
  const clock = Math.max(1_000, ...Object.values(waits).flatMap((list) => list.map(({ ms }) => ms)))
  // Whole rounds of the slowest clock, and never so fast that the probes are a load.
  const spreadMs = runs === 1 ? 0 : clock * Math.max(1, Math.ceil((runs * LEAST_SPREAD_MS) / clock))
  const session = lab.newRunId()
  const startedAt = preciseNow()
  const result = await measureMarked({
    ...{ backends: lab.backends, collector: lab.endpoints.otlpHttp, session, signal: lab.signal, now: preciseNow },
    ...{ probes: runs, warmup, spreadMs, deadlineMs },
    ...(onProbe ? { onEvent: onProbe } : {}),
    ...lostBy(lab, waits),
  })
  const { sightings, missing, acknowledged, faults, refused } = result
  const complete = refused.length === 0 && Object.values(missing).every((count) => count === 0)
  const missedRun = complete ? undefined : { runId: session, startedAt, endedAt: preciseNow(), env: {} }
  const rest = { lateIds: 0, silent: [], faults, acknowledged, missedRun, lastRun: undefined, runIds: [session] }
  return { runs: [], sightings, missing, complete, ...rest }
}

/** The waits of the configs in force. */
export async function waitsOf(
  { engine, backends, configFile, env }: Pick<MeasuredLab, 'engine' | 'backends' | 'configFile' | 'env'>,
  maker: Maker,
): Promise<Waits> {
  const text = async (service: ServiceName) => (await engine.runningConfig?.(service)) ?? (await configFile(service))
  const [collector, tempo, targets] = await Promise.all([
    text('otel-collector'),
    text('tempo'),
    scrapesOf(backends.prometheus),
  ])
  return readWaits({
    configs: { collector, tempo },
    targets,
    sdk: maker.kind === 'program' ? maker.sdk : undefined,
    env,
  })
}

const MAX_PASSAGES = 4_096

async function passagesOf({ tap }: MeasuredLab['engine'], runIds: readonly string[]): Promise<Passage[]> {
  if (tap === undefined) return []
  const lists = await Promise.all(runIds.map((runId) => tap.passages({ runId, limit: MAX_PASSAGES })))
  return lists.flat()
}
