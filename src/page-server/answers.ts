import type { Signal } from '../util/signal.ts'

export type { Signal } from '../util/signal.ts'

/** What the page server answers, as JSON: the only thing that the browser's code knows of it. */

export type Labels = Record<string, string>

/** Any failed answer is `{ error: Fault }`. `message` says what and why, `hint` the next command to type. */
export interface Fault {
  message: string
  hint?: string
  /** Of a refused query: where in it. */
  position?: number
  length?: number
}

export interface LabAnswer {
  engine: 'embedded' | 'docker' | 'external'
  root: string
  services: { name: string; state: string; problem?: string }[]
  /** Without headers: for people. */
  urls: { tempo: string; prometheus: string; loki: string; grafana?: string }
  /** How often Prometheus comes, in milliseconds. */
  scrapeMs: number
  now: number
}

/** A run of an observed program, newest first. Times in milliseconds since the epoch. */
export interface RunAnswer {
  id: string
  name: string
  startedAt: number
  endedAt?: number
  exitCode?: number
}

export interface Series {
  labels: Labels
  /** Milliseconds since the epoch, ascending. */
  times: number[]
  /** JSON has neither NaN nor infinities: they are null. */
  values: (number | null)[]
  /** How many of them are no number that can be drawn, by how Prometheus writes them. */
  odd?: Record<string, number>
}

/** A place on the way from the app to the query. */
export interface WayStation {
  hop: string
  id?: string
  state: 'passed' | 'held' | 'dropped' | 'changed' | 'unknown'
  seen: string
  why?: string
  /** The mend. */
  next?: string
  waitMs?: number
}

/** Where a run's signal is, or died: as the terminal says it. */
export interface DiagnosisAnswer {
  arrived?: boolean
  way: WayStation[]
  broken?: WayStation
  held?: WayStation
}

/** What passes from one place of the collector to the next, of one pipeline. */
export interface Arrow {
  /** Items a second, lately; undefined where nobody counts. */
  perSecond?: number
  /** Since the collector started. */
  total?: number
  /** Where it crosses a process. */
  protocol?: string
  port?: string
  /** Batches that wait to be sent. */
  queue?: number
  /** Given up or turned away, since the start; what a filter drops on purpose is `filtered`. */
  failed?: number
  refused?: number
  filtered?: number
  /** The far end comes and fetches. */
  pulled?: boolean
}

export interface TopologyNode {
  kind: 'app' | 'receiver' | 'processor' | 'connector' | 'exporter' | 'backend'
  id: string
  /** What goes on from it, and to it for the app's and into the backend. */
  out?: Arrow
}

/** A pipeline in the order of its flow; what stands side by side is in one step. */
export interface PipelineAnswer {
  id: string
  signal: Signal
  steps: TopologyNode[][]
}

export interface TopologyAnswer {
  pipelines: PipelineAnswer[]
  /** The engine can show what travelled. */
  tap: boolean
  /** Why there are no pipelines to draw. */
  unknown?: string
}

/** One payload at one place, without what it holds. */
export interface PassageAnswer {
  seq: number
  at: number
  step: string
  items: number
  bytes?: number
  peer?: string
  runIds: string[]
  said?: string
}

export interface PayloadAnswer {
  format: string
  text: string
}

export interface CheckAnswer {
  id: string
  title: string
  why?: string
  /** By the last verdict. */
  state: 'open' | 'passed' | 'failed'
  seen?: string
  query?: string
  traceId?: string
}

/** What the page tells its server: a step of the walk, as it was clicked. */
export interface StepTold {
  run: string
  step: 'dot' | 'line'
  trace: string
  /** Its nanoseconds. */
  line?: string
}

/** An exercise as the terminal knows it. */
export interface ExerciseAnswer {
  number: number
  title: string
  goal: string
  minutes: number
  /** Its page, in Markdown. */
  text: string
  checks: CheckAnswer[]
  /** Those that were asked for. */
  hints: string[]
  hintsLeft: number
  passedAt?: string
  /** The run that is judged, or the last verdict was about, or that waits for answers. */
  runId?: string
  /** A check is under way: each of `checks` is told as it is decided. */
  judging?: boolean
}

export interface SeriesAnswer {
  series: Series[]
  /** Where there is none: why, and what to type. */
  advice?: string
}

export interface Exemplar {
  series: Labels
  labels: Labels
  /** null where it is NaN or infinite. */
  value: number | null
  time: number
}

export interface Metric {
  name: string
  type: string
  help: string
  unit: string
}

export type Value = null | string | number | boolean | Value[] | { [key: string]: Value }
export type Values = { [key: string]: Value }

export interface Span {
  id: string
  parent?: string
  name: string
  service: string
  kind: string
  /** Milliseconds after the trace's `start`. */
  start: number
  duration: number
  status: 'unset' | 'ok' | 'error'
  /** What went wrong, in its own words. */
  problem?: string
  attributes: Values
  events: { name: string; at: number; attributes: Values }[]
  links: { traceId: string; spanId: string }[]
  /** Index into the trace's `resources`. */
  resource: number
  scope: string
}

export interface TraceAnswer {
  traceId: string
  /** Milliseconds since the epoch, of its first span. */
  start: number
  resources: Values[]
  spans: Span[]
}

export interface FoundTrace {
  traceId: string
  service: string
  name: string
  start: number
  duration: number
  spans: number
  errors: number
}

export interface TracesAnswer {
  traces: FoundTrace[]
  advice?: string
}

export interface LogLine {
  /** Nanoseconds since the epoch, as text: a number cannot hold them. */
  ns: string
  /** The same in milliseconds, with fractions. */
  time: number
  line: string
  /** Index into `streams`. */
  stream: number
  /** Kept beside the line and not indexed, such as trace_id. */
  metadata: Labels
  /** Made by a parser of the query. */
  parsed?: Labels
}

export interface LogsAnswer {
  streams: Labels[]
  /** In order of time. */
  lines: LogLine[]
  /** There are more than were asked for. */
  more: boolean
  advice?: string
}

/** A page in one file that needs no server: what `latency --html` and `report` write. */
export interface LatencyFile {
  title: string
  lead: string
  heads: string[]
  rows: { door: string; cells: string[] }[]
  doors: {
    title: string
    /** When each was made, and how long it took, in milliseconds. */
    samples: { at: number; ms: number; what: string }[]
    /** The hops one after the other, as spans. */
    trace: TraceAnswer
    findings: string[]
  }[]
}

export interface ReportFile {
  course: string
  madeAt: string
  labId: string
  exercises: {
    number: number
    title: string
    goal: string
    state: 'passed' | 'tried' | 'new'
    checks: number
    hints: number
    applied: boolean
    changed: boolean
    distrust?: string
    passedAt?: string
    pass?: { runId: string }
    evidence: { check: string; title: string; seen: string; query?: string; traceId?: string; link?: string }[]
  }[]
}
