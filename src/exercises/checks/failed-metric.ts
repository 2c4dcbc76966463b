import type { Check } from '../context.ts'
import { countFailed, failedQuery } from '../failures.ts'
import { pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { notThere } from './not-there.ts'

/** The chain begins where an alert would: the counter of failed files, of this run. */
export const failedMetric: Check = async (context) => {
  const { lab } = context
  const query = `otel-lab query prometheus '${failedQuery(context)}'`
  const count = await waitFor(
    lab,
    { signal: 'metrics', what: 'Prometheus to scrape the failed files (it comes on a clock)', everyMs: 400 },
    async () => {
      const now = await countFailed(context)
      return now !== undefined && now > 0 ? now : undefined
    },
  )
  if (count !== undefined) return pass(`${failedQuery(context)} is ${count}`, { query })
  return { ...(await notThere(context, 'metrics', 'the metric of this run')), query }
}
