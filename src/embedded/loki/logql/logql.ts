import type { Expression, LogExpression } from './ast.ts'
import type { Result, ResultLine } from './results.ts'
import type { Direction, Entry, Labels, LogSource, Matcher } from './source.ts'

/** The language as the API uses it; `createLogql` makes one. All that refuses throws QueryError in Loki's words. */
export interface Logql {
  /** Checked for syntax and for all that can be said without data. */
  parse(query: string): Query
  /** What kind of query it is, by its syntax alone. */
  kindOf(query: string): Query['kind']
  /** A selector alone, `{app="x"}`, as `/series`, `/index/volume` and the like take it. */
  parseMatchers(selector: string): Matcher[]
  /** The query laid out over lines, as `/format_query` answers. */
  format(query: string): string
  /** At one time. Of a log query: the lines of the hour before, which Loki's API refuses (see `Query.kind`). */
  instant(request: InstantRequest): Promise<Result>
  /** Over time: a metric query at every step, or a log query's lines of start <= line < end. */
  range(request: RangeRequest): Promise<Result>
  /** What a log query does to lines, for `/tail` and `/detected_fields`. */
  pipeline(query: Query): Pipeline
}

export interface Query {
  text: string
  kind: 'logs' | 'metric'
  expression: Expression
  /** The selector of a log query or each of a metric query's. */
  selectors: LogExpression[]
}

interface Request {
  query: Query
  source: LogSource
  /** At most so many lines of a log query; 100 unless said otherwise. */
  limit?: number
  direction?: Direction
  /** At most so many series of a metric query; 500 unless said otherwise. */
  maxSeries?: number
  /**
   * Called every hundred lines or so, more often where they are long. It throws to stop the query (time is up, nobody listens any more),
   * and may return a promise, so that others have their turn.
   */
  checkpoint?: () => Promise<void> | undefined
}

export interface InstantRequest extends Request {
  nanos: bigint
}

export interface RangeRequest extends Request {
  startNanos: bigint
  endNanos: bigint
  /** Of a metric query; not 0. */
  stepNanos: bigint
  /** Of a log query: leave out lines nearer than this to the one before. */
  intervalNanos?: bigint
}

export interface Pipeline {
  /** Which streams it is for. */
  matchers: Matcher[]
  /** Whether a parser stage is in it, so that its labels are already there. */
  parses: boolean
  /** The work on one stream's lines: the result, or undefined for a line that is filtered out. */
  forStream(labels: Labels): (entry: Entry) => ResultLine | undefined
}
