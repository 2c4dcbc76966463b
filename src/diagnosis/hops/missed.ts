import type { Hop } from '../contract.ts'
import type { Facts } from '../facts.ts'
import { asMap, type Component, type Pipeline } from '../read/topology.ts'
import { setting, shown } from '../settings.ts'
import { isRootless } from '../way.ts'
import { mendOf } from './mend.ts'

/** Of a queue: less than a small program records between two exports. */
const LITTLE = 64

/** What the environment does to a part of the telemetry that is missed; of the rest nothing is wrong with it. */
export function changedBySdk(facts: Facts): Hop | undefined {
  const { missed, run, signal } = facts
  const base: Pick<Hop, 'hop' | 'blame' | 'known'> = { hop: 'sdk', blame: 'work', known: ['environment'] }
  if (missed === 'exemplars' && signal === 'metrics') {
    const filter = setting(run.env, 'OTEL_METRICS_EXEMPLAR_FILTER')
    if (filter?.value !== 'always_off') return undefined
    return {
      ...base,
      state: 'dropped',
      part: true,
      fault: 'exemplars-off',
      seen: `the SDK records no exemplars: ${shown(filter)}`,
      why: 'An exemplar is a measurement that the SDK keeps together with its trace id; the filter says which',
      next: 'unset OTEL_METRICS_EXEMPLAR_FILTER, then run it again',
    }
  }
  const queue = setting(run.env, signal === 'logs' ? 'OTEL_BLRP_MAX_QUEUE_SIZE' : 'OTEL_BSP_MAX_QUEUE_SIZE')
  if (
    signal !== 'metrics' &&
    queue &&
    Number(queue.value) < LITTLE &&
    (missed === 'root' || missed === 'errors' || isRootless(facts))
  ) {
    return {
      ...base,
      state: 'dropped',
      part: true,
      fault: 'queue-small',
      seen: `the SDK's queue holds no more than ${queue.value} (${shown(queue)}), and some of what was recorded is missing`,
      why: 'What ends while the queue of the batch processor is full is dropped, and nobody is told',
      next: `unset ${queue.name} (it is 2048 then), then run it again`,
    }
  }
  if (missed !== 'name') return undefined
  const attribute = /(?:^|,)\s*service\.name=([^,]*)/.exec(run.env?.OTEL_RESOURCE_ATTRIBUTES ?? '')?.[1]
  const name = setting(run.env, 'OTEL_SERVICE_NAME')
  const variable = name ? 'OTEL_SERVICE_NAME' : attribute ? 'OTEL_RESOURCE_ATTRIBUTES' : undefined
  if (variable === undefined) return undefined
  return {
    ...base,
    state: 'changed',
    fault: 'service-name-set',
    seen: `the environment names the app: ${name ? shown(name) : `service.name=${attribute} in OTEL_RESOURCE_ATTRIBUTES`}`,
    why: 'What the environment says counts over the name in the code; a query for that one finds nothing',
    next: `unset ${variable}, then run it again`,
  }
}

/** Exemplars travel only in OpenMetrics. */
export function hidesExemplars(facts: Facts, pipeline: Pipeline, { id, type, settings }: Component): Hop | undefined {
  if (facts.missed !== 'exemplars' || type !== 'prometheus' || settings.enable_open_metrics === true) return undefined
  return {
    hop: 'exporter',
    id,
    pipeline: pipeline.id,
    state: 'dropped',
    part: true,
    fault: 'no-open-metrics',
    blame: 'work',
    known: [facts.configs.from],
    seen: `${id} shows its metrics without exemplars: enable_open_metrics is ${settings.enable_open_metrics ?? 'not set'}`,
    why: 'Exemplars exist only in the OpenMetrics format',
    ...mendOf(facts, { kind: 'exporters', id }, `otel-lab config patch --set exporters.${id}.enable_open_metrics=true`),
  }
}

/** A debug exporter that prints nothing, or not what one looks for. */
export function hidesOutput(facts: Facts, pipeline: Pipeline, { id, type, settings }: Component): Hop | undefined {
  const { topology } = facts.configs
  if (facts.missed !== 'output' || type !== 'debug' || topology === undefined) return undefined
  const hide = (fault: string, seen: string, why: string, next: string): Hop => ({
    hop: 'exporter',
    id,
    pipeline: pipeline.id,
    state: 'dropped',
    part: true,
    fault,
    blame: 'work',
    known: [facts.configs.from],
    seen,
    why,
    ...mendOf(facts, { kind: 'exporters', id }, next),
  })
  const logs = asMap(topology.telemetry.logs)
  const own = settings.use_internal_logger === false
  const level = String(logs.level ?? 'info').toLowerCase()
  if (!own && ['warn', 'error', 'dpanic', 'panic', 'fatal'].includes(level)) {
    return hide(
      'debug-silenced',
      `${id} prints with level info, and service.telemetry.logs.level is ${level}: the collector leaves its lines out`,
      "The debug exporter writes through the collector's own log, whose level counts for it too",
      'otel-lab config patch --set service.telemetry.logs.level=info',
    )
  }
  const printed = (paths: readonly unknown[]) => paths.some((path) => ['stdout', 'stderr'].includes(String(path)))
  const paths = [settings.output_paths ?? 'stdout'].flat().map(String)
  if (own && !printed(paths)) {
    return hide(
      'debug-elsewhere',
      `${id} writes to ${paths.join(', ')} (use_internal_logger: false), not to the collector's output`,
      'What it prints goes to its output_paths alone',
      `otel-lab config patch --remove exporters.${id}.use_internal_logger --remove exporters.${id}.output_paths`,
    )
  }
  const outputs = [logs.output_paths ?? 'stderr'].flat()
  if (!own && !printed(outputs)) {
    return hide(
      'debug-elsewhere',
      `the collector's log goes to ${outputs.join(', ')} (service.telemetry.logs.output_paths), not to its output`,
      "The debug exporter writes through the collector's own log, wherever that goes",
      'otel-lab config patch --remove service.telemetry.logs.output_paths',
    )
  }
  const verbosity = String(settings.verbosity ?? 'basic')
  if (verbosity === 'basic') {
    return hide(
      'debug-basic',
      `${id} prints with verbosity: basic, which says how many came, but not which`,
      'A count could be of anybody; to follow your own span you must see its ids',
      `otel-lab config patch --set exporters.${id}.verbosity=detailed`,
    )
  }
  const thereafter = Number(settings.sampling_thereafter ?? 1)
  const sampling = asMap(logs.sampling)
  if (thereafter > 1 || (!own && sampling.enabled !== false)) {
    return hide(
      'debug-thinned',
      thereafter > 1
        ? `${id} leaves lines out: after the first it prints every ${thereafter}th (sampling_thereafter)`
        : "the collector's log leaves out lines that repeat: after ten in ten seconds every hundredth (service.telemetry.logs.sampling)",
      'Sampling keeps a busy log short, and hides the very line that one looks for',
      thereafter > 1
        ? `otel-lab config patch --set exporters.${id}.sampling_thereafter=1`
        : 'otel-lab config patch --set service.telemetry.logs.sampling.enabled=false',
    )
  }
  return undefined
}
