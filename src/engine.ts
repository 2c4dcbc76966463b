import type { Signal } from './util/signal.ts'

/** The five seats of the stack, by the names that compose.yaml gives them. */
export const SERVICES = ['otel-collector', 'tempo', 'prometheus', 'loki', 'grafana'] as const
export type ServiceName = (typeof SERVICES)[number]

export type EngineKind = 'embedded' | 'docker' | 'external'

/** An HTTP API and what it takes to be let in. Headers may hold secrets: never print or log them. */
export interface Endpoint {
  /** Without a trailing slash. */
  url: string
  headers?: Record<string, string>
}

/** Where everything answers. What an engine does not have is absent. */
export interface Endpoints {
  otlpGrpc?: Endpoint
  otlpHttp?: Endpoint
  /** The collector's Prometheus exporter page (8889 in the lesson). */
  collectorMetrics?: Endpoint
  /** The collector's own metrics page (8888). */
  collectorTelemetry?: Endpoint
  collectorHealth?: Endpoint
  tempo: Endpoint
  prometheus: Endpoint
  loki: Endpoint
  grafana?: Endpoint
}

export type ServiceState = 'starting' | 'ready' | 'unhealthy' | 'stopped'

export interface ServiceStatus {
  name: ServiceName
  state: ServiceState
  /** Published ports, e.g. `{ 'otlp-grpc': 4317 }`. */
  ports: Record<string, number>
  /** Image, container id, pid: whatever identifies it, short. */
  detail?: string
  /** When it last started with its config, where the engine knows. */
  startedAt?: Date
  memoryBytes?: number
  cpuPercent?: number
  /** Why it is not ready, and what to do. */
  problem?: string
  /** Ready or not: stored data was found damaged, is not shown by queries, and lies in these files. */
  damaged?: string[]
}

export interface EngineStatus {
  kind: EngineKind
  running: boolean
  services: ServiceStatus[]
  startedAt?: Date
}

export interface UpEvent {
  service: ServiceName | 'lab'
  state: 'pulling' | 'starting' | 'ready' | 'failed'
  /** Milliseconds since `up` began. */
  elapsedMs: number
  detail?: string
  /** While pulling: how far a layer, or the image as a whole, has come. */
  pull?: PullStep
}

export interface PullStep {
  image: string
  layer?: string
  /** The daemon's own words, such as `Downloading` or `Pull complete`. */
  status: string
  current?: number
  total?: number
  /** About how many bytes the whole image is to download. */
  about?: number
}

export interface LogLine {
  service: ServiceName
  /** When the line was read or written, whichever the engine knows. */
  time: Date
  text: string
}

export interface LogsOptions {
  /** Empty means all. */
  services: ServiceName[]
  follow: boolean
  /** Only lines at or after this time. */
  since?: Date
  /** At most so many of the newest lines per service before following. */
  tail?: number
  signal?: AbortSignal
}

/** What the engine's own collector says of a config. `line` counts from 1. */
export interface ConfigProblem {
  severity: 'error' | 'warning'
  message: string
  line?: number
  column?: number
  hint?: string
}

export interface DownOptions {
  /** Remove the stored telemetry too. */
  volumes: boolean
  /** Told of each place that held some of it, once that is gone. */
  onRemoved?: (what: string) => void
}

/** Another engine of the same lab that runs until now and holds its ports. */
export interface Replaced {
  ports: readonly number[]
  stop(): Promise<void>
}

/** One payload at one place inside the collector, as an engine's own tap saw it. */
export interface Passage {
  /** Counts up, also over restarts of the stack: `after` of the last one seen asks for the newer ones only. */
  seq: number
  /** Milliseconds since the epoch, with fractions. */
  at: number
  signal: Signal
  kind: 'receiver' | 'processor' | 'connector' | 'exporter'
  /** As the config names it, such as `filter/health`. */
  id: string
  /** Which pipeline it stands in; a receiver that takes in and an exporter that sends may serve several. */
  pipeline?: string
  /**
   * in: came to it; out: it handed it on (a receiver: into that pipeline); sent: the far end took it, or came and
   * fetched it; retrying: the far end did not take it, and it will be offered again; failed: given up and dropped;
   * refused: turned away at once, the sender knows. `said` has the words.
   */
  step: 'in' | 'out' | 'sent' | 'retrying' | 'failed' | 'refused'
  /** Spans, data points or log records (samples, where a page was fetched), and how many bytes where the place knows. */
  items: number
  bytes?: number
  /** What it carries: values of the resource attribute `otel_lab.run.id`, trace ids, service names; each list is bounded. */
  runIds: string[]
  traceIds: string[]
  services: string[]
  /** Items by run id; '' counts what carries none. Of a fetched page it says nothing. */
  byRun: Record<string, number>
  /** The run ids that it had when it came in at the receiver; a processor may have taken them away since. */
  cameAs: string[]
  /** Items that the far end turned away out of what it took otherwise (OTLP's partial success). */
  rejected?: number
  /** Such as `OTLP/gRPC` and `tempo:4317`, where it crossed a process; of a scrape, who fetched it. */
  protocol?: string
  peer?: string
  /**
   * Of what came in with a run id from this machine: the process that sent it and those that it descends from, the
   * nearest first; none when it was none that runs under that id. Absent where nobody can tell (not on Linux).
   */
  sender?: number[]
  said?: string
}

/** Looks at what passes the collector without changing it. What it remembers is bounded: the newest win. */
export interface Tap {
  /**
   * In order of `seq`: the first `limit` after `after`, or without it the newest `limit`. A run's are those that carry
   * its id and those that came in with it.
   */
  passages(query: {
    after?: number
    since?: Date
    runId?: string
    traceId?: string
    /** Of one place alone: a scrape a second would push what is rarer out of the newest. */
    kind?: string
    id?: string
    limit?: number
  }): Promise<Passage[]>
  /** Milliseconds since the epoch: what passed since then is still remembered, payloads aside. */
  rememberedFrom(): Promise<number>
  /** What travelled, in the words of its format (`OTLP/JSON`, `exposition`); undefined when it is forgotten. */
  payload(seq: number): Promise<{ format: string; text: string } | undefined>
}

/** What a config's pipelines make of some requests. */
export interface Replayed {
  /** What each exporter would have been given: OTLP/JSON, and its bytes on the wire. */
  exported: { exporter: string; signal: Passage['signal']; json: unknown; bytes: number }[]
  /** The page of each prometheus exporter. */
  pages: { exporter: string; text: string }[]
  /** What no pipeline takes in, or a processor refused. */
  refused: { signal: Passage['signal']; said: string }[]
}

/**
 * One contract, three engines. Everything that a command, an exercise or a measurement needs of
 * the stack goes through here or through the query APIs at `endpoints()`.
 * All methods throw LabError for what the user can mend.
 */
export interface Engine {
  readonly kind: EngineKind
  /** What this engine lets us do; a stack that we do not own can only be queried. */
  readonly can: { lifecycle: boolean; logs: boolean; configure: boolean }
  /**
   * Idempotent: a second `up` changes only what changed. Resolves once every backend answers. What it replaces is
   * stopped when nothing else stands in the way.
   */
  up(options: { onEvent?: (event: UpEvent) => void; signal?: AbortSignal; replaces?: Replaced }): Promise<void>
  down(options: DownOptions): Promise<void>
  status(): Promise<EngineStatus>
  endpoints(): Promise<Endpoints>
  /** Restarts one service with the config that is in the workspace now. Throws LabError `config-refused`, the old one still up. */
  restart(service: ServiceName): Promise<void>
  /** Stops one service and leaves the others; `restart` brings it back. Absent where that cannot be done. */
  stop?(service: ServiceName): Promise<void>
  logs(options: LogsOptions): AsyncIterable<LogLine>
  /** Absent where the engine cannot look inside its collector. */
  readonly tap?: Tap
  /** The config that the running service has read, which may not be the file's; undefined when nobody can tell. */
  runningConfig?(service: ServiceName): Promise<string | undefined>
  /** What a service itself has said since then, where its log file may be written by others too; the newest of it. */
  saidSince?(service: ServiceName, since: Date): Promise<string | undefined>
  /**
   * Puts requests (OTLP/JSON) through the pipelines of each of these configs, beside the running collector: nothing
   * listens, nothing is sent, batches do not wait. Absent where the engine has no collector of its own.
   */
  replay?(
    configs: readonly string[],
    requests: readonly { signal: Passage['signal']; json: unknown }[],
  ): Promise<Replayed[]>
  /** Asks the collector of this engine, without touching the running one. */
  validateCollectorConfig(text: string): Promise<ConfigProblem[]>
}

/** The default ports of the lesson, before any `--port-offset`. */
export const PORTS = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  collectorMetrics: 8889,
  collectorTelemetry: 8888,
  collectorHealth: 13133,
  tempo: 3200,
  prometheus: 9090,
  loki: 3100,
  grafana: 3000,
} as const
