import { Type } from '@sinclair/typebox'
import { defineCheck } from '../check-kind.ts'
import { allows, amountInWords } from '../expect.ts'
import { ask, byHand } from '../query.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'

export const cardinality = defineCheck({
  name: 'cardinality',
  about: 'How many series a metric of this run has, or how many values one of its labels',
  parameters: {
    metric: Type.String({ description: 'A PromQL selector that names this attempt, such as {instance="${run}"}' }),
    label: Type.Optional(Type.String({ description: 'Count its values instead of the series' })),
    max: Type.Integer({ minimum: 0 }),
    min: Type.Optional(Type.Integer({ description: '1 unless said: what is not there is not few', minimum: 1 })),
  },
  words: {
    expected: 'few series, and none for each single thing that happened',
    why: 'Every series costs memory for as long as it is kept; a label with a value for each request is what kills a Prometheus',
  },
  lint: ({ metric }) => (/\$\{run\}/.test(metric) ? [] : [`the selector must name this attempt by \${run}: ${metric}`]),
  async run(context, { metric, label, max, min = 1 }) {
    const query = byHand('promql', label ? `count by (${label}) (${metric})` : `count(${metric})`)
    const count = await waitFor(
      context.lab,
      { signal: 'metrics', what: `series of ${metric}` },
      async () => {
        const rows = await ask(context, 'promql', metric)
        const found = label ? new Set(rows.map(({ labels }) => labels[label]).filter(Boolean)) : new Set(rows)
        return found.size >= min ? found.size : undefined
      },
      () => cannotCome(context, 'metrics'),
    )
    if (count === undefined) return { ...(await notThere(context, 'metrics', `series of ${metric}`)), query }
    const what = label ? `values of ${label}` : 'series'
    if (allows({ max }, count)) return pass(`${count} ${what}`, { query })
    return fail('too-many', `${count} ${what}, not ${amountInWords({ max })}`, {
      next: `See which: ${query}`,
      query,
    })
  },
})
