import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configOf, roundsOf, STATEMENT_FILES, type StatementCase, statementCases } from '../../support/ottl-cases.ts'
import { ourResults, resultsOf, type StatementResult } from '../../support/ottl-results.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'
import { writeRecorded } from '../../support/recorded.ts'

const real = realCollector()
if (real === undefined) console.log('statements: SKIPPED, OTELCOL names no Collector')
else {
  for (const file of STATEMENT_FILES) {
    if (!(await run(file, real.path, real.version, process.argv.includes('--record')))) process.exitCode = 1
  }
}

async function run(
  file: (typeof STATEMENT_FILES)[number],
  path: string,
  version: string,
  record: boolean,
): Promise<boolean> {
  const cases = statementCases(file)
  const ours = await ourResults(cases)
  const taken = cases.filter(({ name }) => ours[name]!.refused === undefined)
  const results: Record<string, StatementResult> = {}
  for (const round of roundsOf(taken)) Object.assign(results, await ask(path, round))
  for (const one of cases) if (!taken.includes(one)) results[one.name] = await refusal(path, one)
  let differ = 0
  for (const { name } of cases) {
    const [mine, theirs] = [ours[name]!, results[name]!]
    if (JSON.stringify(mine) === JSON.stringify(theirs)) continue
    differ++
    console.log(`✗ ${name}\n    real: ${JSON.stringify(theirs)}\n    ours: ${JSON.stringify(mine)}`)
  }
  console.log(`${file}: ${cases.length - differ} of ${cases.length} as the real ${version}`)
  if (record) {
    const sorted = Object.fromEntries(cases.map(({ name }) => [name, results[name]!]))
    writeRecorded(`test/ottl/${file}.jsonl`, { version, results: sorted })
  }
  return differ === 0
}

/** All at once, in one collector: what each case's telemetry became, and what its statement complained of. */
async function ask(path: string, cases: readonly StatementCase[]): Promise<Record<string, StatementResult>> {
  const dir = await mkdtemp(join(tmpdir(), 'statements-'))
  const port = await freePort()
  const out = (signal: string) => join(dir, `${signal}.json`)
  const config = configOf(cases, `{protocols: {http: {endpoint: '127.0.0.1:${port}'}}}`, (signal) => {
    return `file/${signal}: {path: ${out(signal)}, flush_interval: 50ms}`
  })
  const collector = await startRealCollector(path, config)
  if (collector.exitCode() !== null) {
    // What it does not take is put to it alone, the others again.
    const log = collector.log()
    const bad = cases.filter(({ statements }) => statements.some((one) => log.includes(JSON.stringify(one))))
    if (bad.length === 0) throw new Error(log.slice(0, 5_000))
    const rest = await ask(
      path,
      cases.filter((one) => !bad.includes(one)),
    )
    for (const one of bad) rest[one.name] = await refusal(path, one)
    return rest
  }
  for (const { signal, request } of cases) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  }
  await sleep(500)
  await collector.stop()
  const texts = await Promise.all(['traces', 'metrics', 'logs'].map((signal) => readFile(out(signal), 'utf8')))
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean))
  const requests = lines.map((line) => JSON.parse(line) as unknown)
  await rm(dir, { recursive: true, force: true })
  return resultsOf(cases, requests, collector.log())
}

async function refusal(path: string, one: StatementCase): Promise<StatementResult> {
  const config = configOf([one], `{protocols: {http: {endpoint: '127.0.0.1:0'}}}`, (signal) => `debug/${signal}: {}`)
  const collector = await startRealCollector(path, config)
  const refused = collector.exitCode() !== null
  await collector.stop()
  if (!refused) return (await ask(path, [one]))[one.name]!
  const [said] = /(unable to parse OTTL statement|statement has invalid syntax:) [^\n]*/.exec(collector.log()) ?? []
  return {
    refused: said ?? /(?<=processors::transform: ).*/.exec(collector.log())?.[0] ?? collector.log().slice(0, 300),
  }
}
