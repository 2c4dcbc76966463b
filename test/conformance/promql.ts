// Measures PromQL against the suites that others wrote. SUITES holds promql-parse/, promqltest/ and compliance/.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { complianceCases } from './promql/compliance.ts'
import { evalCases } from './promql/evals.ts'
import { parseCases } from './promql/parse.ts'
import { createTally } from './traceql/tally.ts'

const suites = process.argv.slice(2).find((a) => !a.startsWith('--')) ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('promql: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, file), 'utf8'))
  const tally = createTally(console.log, process.argv.includes('--all'))
  parseCases(await load('promql-parse/promql-parse.json'), tally)
  for (const version of ['v3.0.1', 'head']) {
    await evalCases(version, await load(`promqltest/promqltest-${version}.json`), tally)
  }
  const recorded = await load('compliance/compliance-recorded-prom242.json')
  await complianceCases(await load('compliance/compliance-dataset.json'), recorded, tally)
  process.exitCode = tally.failed() > 0 ? 1 : 0
}
