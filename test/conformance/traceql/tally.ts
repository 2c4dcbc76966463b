/** Takes the verdicts of one group of cases: passed or not, and what to say when not. */
export type Tally = (name: string, results: [boolean, string][]) => void

export function createTally(print: (line: string) => void, showAll: boolean): Tally & { failed(): number } {
  let failed = 0
  const tally: Tally = (name, results) => {
    const bad = results.filter(([ok]) => !ok)
    failed += bad.length
    print(`${name}: ${results.length - bad.length} of ${results.length}`)
    for (const [, detail] of showAll ? bad : bad.slice(0, 10)) print(`  ✗ ${detail}`)
  }
  return Object.assign(tally, { failed: () => failed })
}
