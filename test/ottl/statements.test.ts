import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { STATEMENT_FILES, statementCases } from '../support/ottl-cases.ts'
import { ourResults, type StatementResult } from '../support/ottl-results.ts'
import { readRecorded } from '../support/recorded.ts'

/** Where ours may differ, and why: in what becomes of the telemetry or whether it is taken, or in the words alone. */
type Differs = Record<'results' | 'words', { like: string; why: string; chance?: boolean }[]>

const differs = parse(readFileSync('test/ottl/differs.yaml', 'utf8')) as Differs
const other = { results: [] as string[], words: [] as string[] }

for (const file of STATEMENT_FILES) {
  // Recorded by test/differential/statements.mjs.
  const { version, results } = readRecorded<StatementResult>(`test/ottl/${file}.jsonl`)
  const cases = statementCases(file)
  test(`${cases.length} statements of ${file}.yaml do what they do in Collector ${version}, but for those that are listed`, async () => {
    const ours = await ourResults(cases)
    for (const { name } of cases) {
      const [mine, theirs] = [ours[name]!, results[name]]
      const same = (key: keyof StatementResult) => JSON.stringify(mine[key]) === JSON.stringify(theirs?.[key])
      const alike = (['error', 'refused'] as const).every(
        (key) => (mine[key] === undefined) === (theirs?.[key] === undefined),
      )
      if (!same('changed') || !alike) other.results.push(name)
      else if (!same('error') || !same('refused')) other.words.push(name)
    }
    for (const kind of ['results', 'words'] as const) {
      expect(other[kind].filter((name) => !differs[kind].some(({ like }) => new RegExp(like, 's').test(name)))).toEqual(
        [],
      )
    }
  }, 120_000)
}

test('every difference that is listed is one', () => {
  for (const kind of ['results', 'words'] as const) {
    expect(
      differs[kind].filter(
        ({ like, chance }) => !chance && !other[kind].some((name) => new RegExp(like, 's').test(name)),
      ),
    ).toEqual([])
  }
})
