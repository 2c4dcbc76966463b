// Measures what the embedded collector makes of OTLP against suites that others wrote. Run by
//   npm run conformance -- SUITES --only collector [--all]
// where SUITES holds otlptranslator/, prometheusexporter/, batch-processor/ and otlp-json/.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { batchCases } from './collector/batch.ts'
import type { Case } from './collector/case.ts'
import { graphCases } from './collector/graph.ts'
import { otlpJsonCases } from './collector/otlp-json.ts'
import { exporterCases } from './collector/prometheusexporter.ts'
import { translatorCases } from './collector/translator.ts'

const suites = process.argv[2] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('collector: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, file), 'utf8'))
  const groups: [string, Case[]][] = [
    ['otlptranslator', translatorCases(await load('otlptranslator/otlptranslator.json'))],
    ['prometheusexporter', exporterCases(await load('prometheusexporter/prometheusexporter.json'))],
    ['batch-processor', await batchCases(await load('batch-processor/batch-processor.json'))],
    ['collector-core, what flows', await graphCases(await load('collector-core/collector-core.json'))],
    ['otlp-json', await otlpJsonCases((name) => load(`otlp-json/${name}.json`))],
  ]
  let failed = 0
  for (const [name, cases] of groups) {
    const good = cases.filter(({ ok }) => ok).length
    failed += cases.length - good
    console.log(`${name}: ${good} of ${cases.length}`)
    for (const one of cases) {
      if (!one.ok && process.argv.includes('--all')) console.log(`  ✗ ${one.name}\n    ${one.detail}`)
    }
  }
  process.exitCode = failed > 0 ? 1 : 0
}
