import { expect, test } from 'vitest'
import { sides } from '../../support/beside/cases.ts'
import { type BesideResult, oursBeside, resultOf } from '../../support/beside/results.ts'
import { readRecorded } from '../../support/recorded.ts'

// Recorded by test/differential/components.mjs, which also tells what differs where one of these fails.
const { version, results } = readRecorded<BesideResult>('test/embedded/collector/beside/recorded.jsonl')

for (const side of sides()) {
  test(`${side.name}: what comes out of a thousand items is what Collector ${version} lets out, by ${side.cases.length} settings`, async () => {
    const ours = await oursBeside(side)
    const came = Object.fromEntries(side.cases.map(({ name }, i) => [name, resultOf(ours[i]!)]))
    for (const { name } of side.cases) expect(came[name], name).toEqual(results[name])
    // Settings that let nothing through show nothing.
    expect(Object.values(came).some((ends) => Object.values(ends).some(({ count }) => count > 0))).toBe(true)
  }, 120_000)
}
