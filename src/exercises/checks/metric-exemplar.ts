import type { Check } from '../context.ts'
import { countFailed, exemplarTraces, failedQuery } from '../failures.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { notThere } from './not-there.ts'

/** The metric carries the id of a trace that failed. */
export const metricExemplar: Check = async (context) => {
  const { lab, attempt } = context
  const query = `otel-lab query prometheus --exemplars '${failedQuery(context)}'`
  const ids = await waitFor(lab, { signal: 'metrics', what: 'an exemplar on it', everyMs: 400 }, async () => {
    const found = await exemplarTraces(context)
    // A metric that has come without its exemplar will not get it later.
    return found.length > 0 || ((await countFailed(context)) ?? 0) > 0 ? found : undefined
  })
  const own = ids?.filter((id) => attempt.traces.includes(id)) ?? []
  if (own.length > 0) return pass(`an exemplar names trace ${own[0]}`, { query, traceId: own[0]! })
  if (ids === undefined) return { ...(await notThere(context, 'metrics', 'the metric of this run')), query }
  if (ids.length > 0) {
    return fail('other-trace', `the exemplar names trace ${ids[0]}, which this run did not make`, { query })
  }
  return fail('no-exemplar', 'the metric is there, but with no exemplar on it', {
    why: 'Exemplars exist only in the OpenMetrics format; in the older text format they are left out',
    next: 'otel-lab config patch --set exporters.prometheus.enable_open_metrics=true',
    query,
  })
}
