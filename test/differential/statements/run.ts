import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configOf, type StatementCase, statementCases } from '../../support/ottl-cases.ts'
import { normalized, ourResults, type StatementResult } from '../../support/ottl-results.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'

const real = realCollector()
if (real === undefined) console.log('statements: SKIPPED, OTELCOL names no Collector')
else process.exitCode = await run(real.path, real.version, process.argv.includes('--record'))

async function run(path: string, version: string, record: boolean): Promise<number> {
  const cases = statementCases()
  const ours = await ourResults(cases)
  const taken = cases.filter(({ name }) => ours[name]!.refused === undefined)
  const results = await ask(path, taken)
  for (const one of cases) if (!taken.includes(one)) results[one.name] = await refusal(path, one)
  let differ = 0
  for (const { name } of cases) {
    const [mine, theirs] = [ours[name]!, results[name]!]
    if (JSON.stringify(mine) === JSON.stringify(theirs)) continue
    differ++
    console.log(`✗ ${name}\n    real: ${JSON.stringify(theirs)}\n    ours: ${JSON.stringify(mine)}`)
  }
  console.log(`${cases.length - differ} of ${cases.length} statements as the real ${version}`)
  if (record) {
    const sorted = Object.fromEntries(cases.map(({ name }) => [name, results[name]!]))
    await writeFile('test/ottl/results.json', `${JSON.stringify({ version, results: sorted }, null, 1)}\n`)
  }
  return differ === 0 ? 0 : 1
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
  if (collector.exitCode() !== null) throw new Error(collector.log().slice(0, 5_000))
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
  const lines = (
    await Promise.all(['traces', 'metrics', 'logs'].map((signal) => readFile(out(signal), 'utf8')))
  ).flatMap((text) => text.trim().split('\n'))
  const results = normalized(
    cases,
    lines.map((line) => JSON.parse(line)),
    complaints(collector.log()),
  )
  await rm(dir, { recursive: true, force: true })
  return results
}

/** By statement: the first thing that was said of it. */
function complaints(log: string): Map<string, string> {
  const said = new Map<string, string>()
  for (const line of log.split('\n')) {
    if (!line.includes('failed to execute statement')) continue
    const { statement, error } = JSON.parse(line) as { statement: string; error: string }
    if (!said.has(statement)) said.set(statement, error)
  }
  return said
}

async function refusal(path: string, one: StatementCase): Promise<StatementResult> {
  const config = configOf([one], `{protocols: {http: {endpoint: '127.0.0.1:0'}}}`, (signal) => `debug/${signal}: {}`)
  const collector = await startRealCollector(path, config)
  const refused = collector.exitCode() !== null
  await collector.stop()
  if (!refused) return { refused: 'it is taken' }
  return {
    refused: /unable to parse OTTL statement [^\n]*/.exec(collector.log())?.[0] ?? collector.log().slice(0, 300),
  }
}
