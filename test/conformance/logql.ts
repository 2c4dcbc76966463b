// Measures LogQL against the suites that others wrote. Bundle it with esbuild, then
//   node logql.mjs SUITES [--all]
// where SUITES holds logql/.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evalCases } from './logql/evals.ts'
import { stageCases } from './logql/stages.ts'
import { syntaxCases } from './logql/syntax.ts'
import { createTally } from './traceql/tally.ts'

const args = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const suites = args[0] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('logql: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, 'logql', file), 'utf8'))
  const tally = createTally(console.log, process.argv.includes('--all'))
  const focused = await load('loki-focused.json')
  syntaxCases(focused, tally)
  stageCases(focused.stage_cases, tally)
  await evalCases(await load('logqltest.json'), tally)
  process.exitCode = tally.failed() > 0 ? 1 : 0
}
