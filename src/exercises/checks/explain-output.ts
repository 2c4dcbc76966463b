import type { PrintedSpans } from '../span-output.ts'
import { fail, type Outcome } from '../verdict.ts'
import type { DebugConfig } from './debug-config.ts'

const BY_HAND = 'otel-lab logs otel-collector --tail 60'
const RESTART = 'otel-lab restart otel-collector'

export interface OutputState {
  shown: string
  printed: PrintedSpans
  /** The file; undefined when the collector would refuse it. */
  file: DebugConfig | undefined
  /** What runs; undefined when nobody can tell. */
  running: DebugConfig | undefined
  /** Whether the running collector has a debug exporter in a traces pipeline. */
  runs: boolean | undefined
  query: string
  stale: Partial<Outcome>
}

/** Why the spans are not in the output: each way of being wrong has its own words. */
export function explainOutput(state: OutputState): Outcome {
  const { shown, printed, running, runs, query, stale } = state
  const more = { query, ...stale }
  const config = state.file ?? running!
  if (config.inTraces.length === 0) return notInTraces(config, shown, more)
  const [{ id, pipeline }] = config.inTraces as [DebugConfig['inTraces'][number]]
  if (runs === false) {
    return fail('not-restarted', `${shown} has ${id} in ${pipeline}, but the collector that runs does not use it`, {
      why: 'The collector reads its config when it starts; the file alone changes nothing',
      next: RESTART,
      ...more,
    })
  }
  const isSilent = ({ inTraces }: DebugConfig) => inTraces.every(({ verbosity }) => verbosity === 'basic')
  if (isSilent(config)) {
    return fail('basic', `${id} runs with verbosity: basic, which prints how many spans came, but not which`, {
      why: 'A count could be of anybody; to follow your own span you must see its ids',
      next: `otel-lab config patch --set exporters.${id}.verbosity=detailed`,
      ...more,
    })
  }
  const visible = config.inTraces.filter(({ verbosity, toLog }) => verbosity !== 'basic' && toLog)
  if (visible.length === 0) {
    return fail(
      'elsewhere',
      `${id} writes to a place of its own (use_internal_logger: false), not to the collector's output`,
      {
        next: `otel-lab config patch --remove exporters.${id}.use_internal_logger --remove exporters.${id}.output_paths`,
        ...more,
      },
    )
  }
  if ((running && isSilent(running)) || (!running && printed.counts > 0 && printed.others.size === 0)) {
    return fail('not-restarted', `the output only counts spans, though ${shown} asks for ${visible[0]!.verbosity}`, {
      why: 'The collector still runs with the older verbosity: it reads its config when it starts',
      next: RESTART,
      query,
    })
  }
  if (['warn', 'error'].includes(config.logLevel)) {
    return fail('log-level', `${id} prints at the level info, and service.telemetry.logs.level is ${config.logLevel}`, {
      why: "The debug exporter speaks through the collector's own log; what is below its level is not written",
      next: 'otel-lab config patch --set service.telemetry.logs.level=info',
      ...more,
    })
  }
  if (visible.every(({ thinned }) => thinned) || config.logSampling) {
    return fail('thinned', 'the debug exporter runs, but lines are left out by sampling', {
      next: visible.every(({ thinned }) => thinned)
        ? `otel-lab config patch --set exporters.${visible[0]!.id}.sampling_thereafter=1`
        : 'otel-lab config patch --set service.telemetry.logs.sampling.enabled=false',
      ...more,
    })
  }
  return {
    verdict: 'slow',
    case: 'not-yet',
    seen: `${id} is in ${pipeline}, but no span of this attempt was printed yet`,
    next: `${BY_HAND}\nthen check again`,
    ...more,
  }
}

function notInTraces({ elsewhere, defined }: DebugConfig, shown: string, more: Partial<Outcome>): Outcome {
  if (elsewhere.length > 0) {
    return fail(
      'other-pipeline',
      `a debug exporter is in the pipeline ${elsewhere.join(', ')}, and in none for traces`,
      {
        next: `Add ${defined[0]} to the exporters of service.pipelines.traces in ${shown}, then: ${RESTART}`,
        ...more,
      },
    )
  }
  if (defined.length > 0) {
    return fail('unused', `${defined.join(', ')} is defined in ${shown}, but no pipeline uses it`, {
      why: 'A component runs only when a pipeline names it; defining it does nothing yet',
      next: `Add ${defined[0]} to the exporters of service.pipelines.traces, then: ${RESTART}`,
      ...more,
    })
  }
  return fail('no-debug', `no span of it in the collector's output, and no debug exporter in ${shown}`, {
    next: 'Edit the file, or let it be patched: otel-lab config patch --add-debug-exporter',
    ...more,
  })
}
