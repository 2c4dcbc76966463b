import { defineCheck } from '../check-kind.ts'
import { lintQuery, queryParameters, runQuery } from './query-check.ts'

export const traceql = defineCheck({
  name: 'traceql',
  about: 'What Tempo answers to a query about this run',
  parameters: queryParameters('TraceQL'),
  words: {
    expected: 'an answer of Tempo that holds what the exercise asks for',
    why: 'What cannot be asked for is of no use to anybody, however well it was recorded',
  },
  lint: lintQuery,
  run: (context, spec) => runQuery(context, 'traceql', spec),
})
