import { defineCheck } from '../check-kind.ts'
import { lintQuery, queryParameters, runQuery } from './query-check.ts'

export const logql = defineCheck({
  name: 'logql',
  about: 'What Loki answers to a query about this run',
  parameters: queryParameters('LogQL'),
  words: {
    expected: 'an answer of Loki that holds what the exercise asks for',
    why: 'What cannot be asked for is of no use to anybody, however well it was recorded',
  },
  lint: lintQuery,
  run: (context, spec) => runQuery(context, 'logql', spec),
})
