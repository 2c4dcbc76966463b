// Measures PromQL against the suites that others wrote: promql-parse, promqltest and compliance.
// --url http://127.0.0.1:9090 puts to a server what can be put to one: it must hold no samples and take remote writes.
import { complianceCases, engineAsker } from './promql/compliance.ts'
import { evalCases } from './promql/evals.ts'
import { httpAsker, parseOverHttp } from './promql/http.ts'
import { parseCases } from './promql/parse.ts'
import { measure } from './shared/measure.ts'

await measure('promql', async ({ load, tally, url, part, knows }) => {
  const parsing = load('promql-parse/promql-parse.json')
  const recorded = load('compliance/compliance-recorded-prom242.json')
  if (url !== undefined) {
    await parseOverHttp(url, parsing, tally)
    const ask = await httpAsker(url, load('compliance/compliance-dataset.json'))
    await complianceCases('compliance over HTTP', ask, recorded, tally)
    return
  }
  await part('promql-parse', () => parseCases(parsing, tally))
  const notation = "the notation of Prometheus' own test scripts: no server and no query takes it"
  tally(
    'series_desc',
    parsing.series_desc.map(({ input }: { input: string }) => [false, input]),
    notation,
  )
  knows('promql-parse', parsing, ['parse', 'print', 'series_desc'])
  for (const version of ['v3.0.1', 'head']) {
    const suite = load(`promqltest/promqltest-${version}.json`)
    await part(`promqltest ${version}`, () => evalCases(version, suite, tally))
    knows(`promqltest ${version}`, suite, ['files'])
  }
  await part('compliance', () => {
    const ask = engineAsker(load('compliance/compliance-dataset.json'))
    return complianceCases('compliance', ask, recorded, tally)
  })
})
