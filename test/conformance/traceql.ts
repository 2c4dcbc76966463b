// Measures TraceQL and the embedded Tempo against the suites that others wrote. Bundle it with esbuild, then
//   node traceql.mjs SUITES [--all]
// where SUITES holds traceql/.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { embeddedTempo, endToEndCases } from './traceql/e2e.ts'
import { createTally } from './traceql/tally.ts'
import { unitCases } from './traceql/unit.ts'

const args = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const suites = args[0] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('traceql: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, 'traceql', file), 'utf8'))
  const tally = createTally(console.log, process.argv.includes('--all'))
  unitCases(await load('traceql-unit.json'), tally)
  const endToEnd = await load('tempo-e2e.json')
  for (const inBlocks of [false, true]) {
    console.log(inBlocks ? 'from a block:' : 'just cut:')
    await endToEndCases(endToEnd, await embeddedTempo(endToEnd, inBlocks), tally)
  }
  process.exitCode = tally.failed() > 0 ? 1 : 0
}
