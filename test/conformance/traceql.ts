// Measures TraceQL and the embedded Tempo against the suites that others wrote, traceql/.
import { measure } from './shared/measure.ts'
import { embeddedTempo, endToEndCases } from './traceql/e2e.ts'
import { unitCases } from './traceql/unit.ts'

await measure('traceql', async ({ load, tally, part, knows }) => {
  const unit = load('traceql/traceql-unit.json')
  await part('unit', () => unitCases(unit, tally))
  knows('traceql-unit', unit, ['eval', 'match', 'parse_errors', 'parse_ok'])
  const endToEnd = load('traceql/tempo-e2e.json')
  for (const [where, inBlocks] of [
    ['just cut', false],
    ['from a block', true],
  ] as const) {
    await part(`end to end, ${where}`, async () => {
      await endToEndCases(endToEnd, await embeddedTempo(endToEnd, inBlocks), where, tally)
    })
  }
  const skipped = 'the suite says itself that they could not be taken out of the tests'
  tally(
    'end to end, skipped',
    endToEnd.skipped.map(({ line, why }: { line: number; why: string }) => [false, `${line}: ${why}`]),
    skipped,
  )
  knows('tempo-e2e', endToEnd, ['cases', 'tagValues', 'tagNames', 'skipped'])
})
