import { defineCheck } from '../check-kind.ts'
import { lintQuery, queryParameters, runQuery } from './query-check.ts'

export const promql = defineCheck({
  name: 'promql',
  about: 'What Prometheus answers to a query about this run',
  parameters: queryParameters('PromQL'),
  words: {
    expected: 'an answer of Prometheus that holds what the exercise asks for',
    why: 'What cannot be asked for is of no use to anybody, however well it was recorded',
  },
  lint: lintQuery,
  run: (context, spec) => runQuery(context, 'promql', spec),
})
