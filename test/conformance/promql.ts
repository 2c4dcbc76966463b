// Measures PromQL against the suites that others wrote. SUITES holds promql-parse/, promqltest/ and compliance/.
// --url http://127.0.0.1:9090 puts to a server what can be put to one: it must hold no samples and take remote writes.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { complianceCases, engineAsker } from './promql/compliance.ts'
import { evalCases } from './promql/evals.ts'
import { httpAsker, parseOverHttp } from './promql/http.ts'
import { parseCases } from './promql/parse.ts'
import { createTally } from './traceql/tally.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, url: { type: 'string' } },
})
const suites = positionals[0] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('promql: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, file), 'utf8'))
  const tally = createTally(console.log, values.all ?? false)
  const parsing = await load('promql-parse/promql-parse.json')
  const dataset = await load('compliance/compliance-dataset.json')
  const recorded = await load('compliance/compliance-recorded-prom242.json')
  if (values.url === undefined) {
    parseCases(parsing, tally)
    for (const version of ['v3.0.1', 'head']) {
      await evalCases(version, await load(`promqltest/promqltest-${version}.json`), tally)
    }
    await complianceCases('compliance', engineAsker(dataset), recorded, tally)
  } else {
    await parseOverHttp(values.url, parsing, tally)
    await complianceCases('compliance over HTTP', await httpAsker(values.url, dataset), recorded, tally)
  }
  process.exitCode = tally.failed() > 0 ? 1 : 0
}
