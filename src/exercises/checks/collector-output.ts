import type { Check, CheckContext } from '../context.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { type DebugConfig, debugConfig } from './debug-config.ts'
import { type PrintedSpans, printedSpans } from './span-output.ts'

const BY_HAND = 'otel-lab logs otel-collector --tail 60'
const RESTART = 'otel-lab restart otel-collector'

/**
 * The spans of this attempt are in the collector's output. Judged by the output alone: whatever config brings them
 * there is right. The config is read only to say why they are not.
 */
export const collectorOutput: Check = async (context) => {
  const { lab, attempt } = context
  const since = new Date(attempt.startedAt - 1_000)
  const read = async () => {
    const output = await lab.collector.outputSince(since)
    return output === undefined ? undefined : printedSpans(output, attempt.traces)
  }
  let printed = await read()
  if (printed === undefined) return unreadable()
  if (printed.traces.size === 0) {
    // A learner who has not begun is not kept waiting for what cannot come.
    const config = debugConfig(await lab.collector.readConfig(), lab.env)
    const runs = await debugRuns(context)
    if (config.fault || (config.inTraces.length === 0 && runs === false)) return explain(context, printed, config, runs)
    const later = await waitFor(lab, { signal: 'trace-by-id', what: "spans in the collector's output" }, async () => {
      const now = await read()
      return now && now.traces.size > 0 ? now : undefined
    })
    if (later === undefined) return explain(context, (await read()) ?? printed, config, await debugRuns(context))
    printed = later
  }
  return pass(`spans of trace ${attempt.traces.find((id) => printed.traces.has(id))}`, {
    query: `otel-lab logs otel-collector | grep -A4 ${attempt.traces[0]}`,
    ...traceOf(context),
  })
}

const traceOf = ({ attempt }: CheckContext) => (attempt.traces[0] ? { traceId: attempt.traces[0] } : {})

function unreadable(): Outcome {
  return {
    verdict: 'broken',
    case: 'no-logs',
    seen: "this engine does not give the collector's output",
    next: 'Try it on a lab of its own: otel-lab up --engine embedded',
  }
}

/** Whether the running collector has sent traces to a debug exporter; undefined when it does not tell. */
async function debugRuns({ lab, attempt }: CheckContext): Promise<boolean | undefined> {
  const counters = await lab.backends.collector
    .counters(lab.signal ? { signal: lab.signal } : {})
    .catch(() => undefined)
  if (counters === undefined) return undefined
  const before = (id: string) =>
    attempt.before?.find((one) => one.kind === 'exporter' && one.id === id && one.signal === 'traces')?.sent ?? 0
  return counters.some(
    ({ kind, id, signal, sent }) =>
      kind === 'exporter' && signal === 'traces' && id.split('/')[0] === 'debug' && sent > before(id),
  )
}

/** Each way of being wrong has its own words. */
function explain(
  { lab, attempt }: CheckContext,
  printed: PrintedSpans,
  config: DebugConfig,
  runs: boolean | undefined,
): Outcome {
  const { shown } = lab.collector
  const query = attempt.traces[0] ? `otel-lab logs otel-collector | grep ${attempt.traces[0]}` : BY_HAND
  const stale =
    printed.others.size > 0
      ? {
          stale: `spans of other traces are there (such as ${[...printed.others][0]}): not of this attempt, so they do not count`,
        }
      : {}
  const { fault } = config
  if (fault) {
    const gone = /"(logging)"/.test(fault.message) || fault.hint?.includes('debug exporter') === true
    const at = fault.line === undefined ? shown : `${shown}:${fault.line}`
    return fail(gone ? 'logging' : 'config-invalid', `${at}: ${fault.message.trim()}`, {
      next: gone
        ? `logging was replaced by debug, and loglevel: debug by verbosity: detailed. Lift the file: otel-lab config migrate`
        : `${fault.hint ?? 'Mend that line'}, then: otel-lab config validate`,
      ...(gone
        ? { why: 'Old tutorials name an exporter that newer collectors no longer have (gone since 0.111)' }
        : {}),
      query,
      ...stale,
    })
  }
  if (config.inTraces.length === 0) {
    if (config.elsewhere.length > 0) {
      return fail(
        'other-pipeline',
        `a debug exporter is in the pipeline ${config.elsewhere.join(', ')}, and in none for traces`,
        {
          next: `Add ${config.defined[0]} to the exporters of service.pipelines.traces in ${shown}, then: ${RESTART}`,
          query,
          ...stale,
        },
      )
    }
    if (config.defined.length > 0) {
      return fail('unused', `${config.defined.join(', ')} is defined in ${shown}, but no pipeline uses it`, {
        why: 'A component runs only when a pipeline names it; defining it does nothing yet',
        next: `Add ${config.defined[0]} to the exporters of service.pipelines.traces, then: ${RESTART}`,
        query,
        ...stale,
      })
    }
    return fail('no-debug', `no span of it in the collector's output, and no debug exporter in ${shown}`, {
      next: 'Edit the file, or let it be patched: otel-lab config patch --add-debug-exporter',
      query,
      ...stale,
    })
  }
  const [{ id, pipeline }] = config.inTraces as [DebugConfig['inTraces'][number]]
  if (runs === false) {
    return fail('not-restarted', `${shown} has ${id} in ${pipeline}, but the collector that runs does not use it`, {
      why: 'The collector reads its config when it starts; the file alone changes nothing',
      next: RESTART,
      query,
      ...stale,
    })
  }
  const visible = config.inTraces.filter(({ verbosity, toLog }) => verbosity !== 'basic' && toLog)
  if (config.inTraces.every(({ verbosity }) => verbosity === 'basic')) {
    return fail('basic', `${id} runs with verbosity: basic, which prints how many spans came, but not which`, {
      why: 'A count could be of anybody; to follow your own span you must see its ids',
      next: `otel-lab config patch --set exporters.${id}.verbosity=detailed`,
      query,
      ...stale,
    })
  }
  if (visible.length === 0) {
    return fail(
      'elsewhere',
      `${id} writes to a place of its own (use_internal_logger: false), not to the collector's output`,
      {
        next: `otel-lab config patch --remove exporters.${id}.use_internal_logger --remove exporters.${id}.output_paths`,
        query,
        ...stale,
      },
    )
  }
  if (printed.counts > 0 && printed.others.size === 0) {
    return fail('not-restarted', `the output only counts spans, though ${shown} asks for ${visible[0]!.verbosity}`, {
      why: 'The collector still runs with the older verbosity: it reads its config when it starts',
      next: RESTART,
      query,
    })
  }
  if (visible.every(({ thinned }) => thinned) || config.logSampling) {
    return fail('thinned', 'the debug exporter runs, but lines are left out by sampling', {
      next: visible.every(({ thinned }) => thinned)
        ? `otel-lab config patch --set exporters.${visible[0]!.id}.sampling_thereafter=1`
        : 'otel-lab config patch --set service.telemetry.logs.sampling.enabled=false',
      query,
      ...stale,
    })
  }
  return {
    verdict: 'slow',
    case: 'not-yet',
    seen: `${id} is in ${pipeline}, but no span of this attempt was printed yet`,
    next: `${BY_HAND}\nthen check again`,
    query,
    ...stale,
  }
}
