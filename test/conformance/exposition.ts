// Measures our exposition parsers against suites that others wrote: openmetrics and promtext.
import { entryCases, openMetricsCases, verdictCases } from './exposition/cases.ts'
import { measure } from './shared/measure.ts'

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0'
const TEXT = 'text/plain; version=0.0.4'

await measure('exposition', async ({ load, tally, part, knows }) => {
  await part('openmetrics', async () => {
    const suite = load('openmetrics/openmetrics.json')
    tally('openmetrics, accepted and rejected', await openMetricsCases(suite.cases))
    knows('openmetrics', suite, ['cases'])
  })
  const text = load('promtext/prom-textparse.json')
  const pages = { prom: TEXT, openmetrics: OPENMETRICS }
  for (const [key, type] of Object.entries(pages)) {
    await part(`promtext ${key}`, async () => tally(`promtext ${key}, entries`, await entryCases(text[key], type)))
  }
  const errors = { prom_errors: TEXT, om_errors: OPENMETRICS, prom_nullbyte: TEXT, om_nullbyte: OPENMETRICS }
  for (const [key, type] of Object.entries(errors)) {
    await part(`promtext ${key}`, async () =>
      tally(`promtext ${key}, in the same words`, await verdictCases(text[key], type)),
    )
  }
  knows('promtext', text, Object.keys(errors))
})
