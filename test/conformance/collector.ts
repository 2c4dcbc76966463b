// Measures what the embedded collector makes of OTLP against suites that others wrote: otlptranslator,
// prometheusexporter, batch-processor, otlp-json, and of collector-core what flows.
import { batchCases } from './collector/batch.ts'
import { graphCases, profileCases } from './collector/graph.ts'
import { otlpJsonCases } from './collector/otlp-json.ts'
import { exporterCases } from './collector/prometheusexporter.ts'
import { translatorCases } from './collector/translator.ts'
import { measure } from './shared/measure.ts'

await measure('collector', async ({ load, tally, part, knows }) => {
  await part('otlptranslator', async () => {
    const suite = load('otlptranslator/otlptranslator.json')
    tally('otlptranslator', await translatorCases(suite))
    knows('otlptranslator', suite, ['metrics', 'labels'])
  })
  await part('prometheusexporter', async () => {
    const suite = load('prometheusexporter/prometheusexporter.json')
    tally('prometheusexporter', await exporterCases(suite))
    knows('prometheusexporter', suite, ['text_contains', 'validate'])
  })
  await part('batch-processor', async () => {
    const suite = load('batch-processor/batch-processor.json')
    tally('batch-processor', await batchCases(suite))
    // `semantics` are sentences for the reader.
    knows('batch-processor', suite, ['scenarios', 'config', 'semantics'])
  })
  await part('collector-core, what flows', async () => {
    const { connector_graph: cases } = load('collector-core/collector-core.json')
    tally('collector-core, what flows', await graphCases(cases))
    tally('collector-core, profiles alone', profileCases(cases), 'the lab has no profiles')
  })
  await part('otlp-json', async () => {
    tally('otlp-json', await otlpJsonCases((name) => load(`otlp-json/${name}.json`)))
  })
})
