import { errorOf, type TraceSpan } from '../backends/trace.ts'
import { type CheckContext, callOf, windowOf } from './context.ts'

type Scope = Pick<CheckContext, 'lab' | 'attempt'>

const FAILED = 'neuro_files_failed_total'
const failedQuery = ({ attempt }: Scope) => `${FAILED}{instance="${attempt.runId}"}`
/** Trace ids that exemplars of the failed metric carry. */
export async function exemplarTraces(scope: Scope): Promise<string[]> {
  const found = await scope.lab.backends.prometheus.exemplars(failedQuery(scope), windowOf(scope), callOf(scope.lab))
  const ids = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id ?? ''))
  return [...new Set(ids.filter((id) => id !== ''))]
}

/** A trace that failed, as Tempo tells it. */
export interface Failure {
  traceId: string
  /** The span where it happened: an error without one below it. */
  span: TraceSpan
  file: string
  /** Such as `truncated`; '' when telemetry does not say. */
  type: string
  message: string
}

export async function failureOf({ lab, attempt }: Scope, traceId: string): Promise<Failure | undefined> {
  const trace = await lab.backends.tempo.traceById(traceId, callOf(lab))
  if (trace === undefined) return undefined
  const own = trace.spans.filter(({ resource }) => resource['otel_lab.run.id'] === attempt.runId)
  const root = own.find(({ parentSpanId }) => parentSpanId === undefined)
  const errors = own.filter(({ status }) => status.code === 'error')
  const span = errors.find(({ spanId }) => !errors.some(({ parentSpanId }) => parentSpanId === spanId))
  if (root === undefined || span === undefined) return undefined
  const said = (key: string) =>
    [span, root].map(({ attributes }) => attributes[key]).find((value) => value !== undefined)
  return {
    traceId,
    span,
    file: String(said('file_path') ?? said('file.path') ?? ''),
    type: String(said('error.type') ?? ''),
    message: errorOf(span) || errorOf(root),
  }
}

/** Every trace of the attempt that failed. */
export async function failuresOf(scope: Scope): Promise<Failure[]> {
  const found = await Promise.all(scope.attempt.traces.map((id) => failureOf(scope, id)))
  return found.filter((failure) => failure !== undefined)
}
