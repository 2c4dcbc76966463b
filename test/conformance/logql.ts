// Measures LogQL against the suites that others wrote, logql/.
import { evalCases } from './logql/evals.ts'
import { stageCases } from './logql/stages.ts'
import { syntaxCases } from './logql/syntax.ts'
import { measure } from './shared/measure.ts'

await measure('logql', async ({ load, tally, part, knows }) => {
  const focused = load('logql/loki-focused.json')
  await part('syntax', () => syntaxCases(focused, tally))
  await part('stages', () => stageCases(focused.stage_cases, tally))
  const syntax = ['parse', 'stringer', 'sample_strings', 'sample_fail', 'format', 'filter_matcher']
  knows('loki-focused', focused, [...syntax, 'stage_cases'])
  const evals = load('logql/logqltest.json')
  await part('evals', () => evalCases(evals, tally))
  knows('logqltest', evals, ['files'])
})
