import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { resolveConfig } from '../../src/collector-config.ts'
import { configCases } from '../support/config-cases.ts'

/** What a real Collector said, recorded by test/differential/validate.mjs; '' where it took the config. */
interface Recorded {
  version: string
  verdicts: Record<string, { said: string; at?: string }>
}
/** Where ours may differ, and why: in the verdict, or in its words alone. */
interface Differs {
  verdicts: { like: string; why: string }[]
  words: { like: string; why: string }[]
}

const { version, verdicts } = JSON.parse(readFileSync('test/collector-config/verdicts.json', 'utf8')) as Recorded
const differs = parse(readFileSync('test/collector-config/differs.yaml', 'utf8')) as Differs
const cases = configCases()

const ours = new Map(
  cases.map(({ name, config }) => {
    const errors = resolveConfig(config, {}).diagnostics.filter(({ severity }) => severity === 'error')
    return [name, errors.map(({ message }) => message)]
  }),
)
/** What is said, without where: ours says that by line and column, and may name the key more closely in front. */
const core = (message: string) =>
  plain(message).replace(/^(receivers|processors|exporters|connectors|extensions|service)(::[^ :]+)+: /, '')
/** Go prints the names of contexts in a new order each time, and among them that of exemplars, which ours has not. */
const plain = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\["[a-z]+"(?: "[a-z]+")*\]/g, (names) => {
      const words = names.slice(1, -1).split(' ')
      return `[${words
        .filter((word) => word !== '"exemplar"')
        .sort()
        .join(' ')}]`
    })

test(`${cases.length} configs are taken and refused as Collector ${version} does, but for those that are listed`, () => {
  const other = cases.filter(({ name }) => {
    const recorded = verdicts[name]
    return recorded === undefined || (ours.get(name)!.length === 0) !== (recorded.said === '')
  })
  unlisted(other, differs.verdicts)
})

test('what is refused is refused in its words, but where it is listed why not', () => {
  const others = cases.filter(({ name }) => {
    const said = plain(verdicts[name]?.said ?? '')
    const mine = ours.get(name)!.map(core)
    return said !== '' && mine.length > 0 && !mine.some((message) => said.includes(message))
  })
  unlisted(others, differs.words)
})

/** Each case must be listed, and each entry of the list be needed. */
function unlisted(found: { name: string }[], listed: { like: string }[]): void {
  const fits = ({ like }: { like: string }, { name }: { name: string }) => new RegExp(like, 's').test(name)
  expect(found.filter((one) => !listed.some((entry) => fits(entry, one))).map(({ name }) => name)).toEqual([])
  expect(listed.filter((entry) => !found.some((one) => fits(entry, one)))).toEqual([])
}
