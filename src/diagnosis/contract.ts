import type { CollectorCounter } from '../backends/collector-counters.ts'
import type { Backends } from '../backends.ts'
import type { Endpoints, Engine, ServiceName } from '../engine.ts'
import type { Signal } from '../util/signal.ts'

export type { Signal } from '../util/signal.ts'

/** One program under observation that has ended (or was ended). Plain data: what is not known is left out. */
export interface ObservedRun {
  /** Marks what it sent: the resource attribute `otel_lab.run.id`, and `service.instance.id`. */
  runId: string
  /** Milliseconds since the epoch, by this machine's clock. */
  startedAt: number
  endedAt: number
  /** 128 + signal number when a signal ended it. */
  exitCode?: number
  /** What it wrote, lines of stdout and stderr. */
  output?: readonly string[]
  /** Traces that it named itself. */
  traceIds?: readonly string[]
  /** The environment it was started from, before the lab added its own; only `OTEL_*`, `TRACEPARENT` and proxies count. */
  env?: Readonly<Record<string, string | undefined>>
  /** The collector's counters before it started. */
  before?: readonly CollectorCounter[]
}

/** What a diagnosis looks at. Whoever opens the lab hands it in. */
export interface DiagnosisPorts {
  engine: Pick<Engine, 'kind' | 'can' | 'tap' | 'runningConfig' | 'logs' | 'status'>
  endpoints: Endpoints
  backends: Backends
  /** The lab's file for a service as it is now, and how the learner would type its path; undefined where there is none. */
  configFile(service: ServiceName): Promise<{ text: string; shown: string } | undefined>
  /** For the `${env:X}` of the collector's config. */
  env: Readonly<Record<string, string | undefined>>
  now?: () => number
  signal?: AbortSignal
}

/** In the order in which telemetry passes them; `scrape` is of metrics alone, `sampling` of traces. */
export type HopName =
  | 'app'
  | 'sdk'
  | 'sampling'
  | 'export'
  | 'receiver'
  | 'processor'
  | 'connector'
  | 'exporter'
  | 'backend'
  | 'scrape'
  | 'query'

/** changed: it went on as something else than it came, such as without its run id. */
export type HopState = 'passed' | 'held' | 'dropped' | 'changed' | 'unknown'

export type Source =
  | 'app output'
  | 'exit code'
  | 'environment'
  | 'tap'
  | 'running config'
  | 'config file'
  | 'collector metrics'
  | 'collector log'
  | 'service'
  | 'targets'
  | 'backend'
  | 'probe'

export interface Hop {
  hop: HopName
  /** Of a component: as the config names it, and its pipeline. */
  id?: string
  pipeline?: string
  state: HopState
  /** Only some of it, not all. */
  part?: true
  /** What is to be mended here, by a short name such as `filter-drops`; absent when nothing is. */
  fault?: string
  /** work: a config, an environment or a program that the learner can mend; lab: a service or the machine is broken. */
  blame?: 'work' | 'lab'
  /** It may mend itself (what is down comes up), so that waiting is of use. */
  mayPass?: true
  /** How that is known. */
  known: Source[]
  seen: string
  why?: string
  /** The mend: the next command or act. Of what is unknown, how to find out by hand. */
  next?: string
  /** Held, and nothing is wrong: so many milliseconds at most. */
  waitMs?: number
}

/**
 * What is missed of a run that otherwise came: its root span, its ERROR records, its exemplars, its service name, its
 * run id, what the debug exporter prints of it, or that a search finds what is there by its id. Where nothing is
 * said, all of it is missed, and that some of it was dropped on purpose is no fault.
 */
export type Missed = 'root' | 'errors' | 'exemplars' | 'name' | 'run' | 'output' | 'search'

/** JSON through and through. */
export interface Diagnosis {
  runId: string
  signal: Signal
  /** Whether the backend's query finds the run; undefined when the backend could not be asked. */
  arrived: boolean | undefined
  /** In flow order, from the app to the query. */
  hops: Hop[]
  /** The first hop in flow order that has a fault. There may be one although (some of) it arrived. */
  broken?: Hop
  /** Nothing is broken, and this is where it still is. */
  held?: Hop
}
