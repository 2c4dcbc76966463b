import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configOf, EXPORTER, type Side, sides } from '../../support/beside/cases.ts'
import { fileCases, fileResult, filesConfig, throughFiles } from '../../support/beside/files.ts'
import { type BesideResult, type Items, itemsOf, numberIn, oursBeside, resultOf } from '../../support/beside/results.ts'
import { requestsOf } from '../../support/beside/telemetry.ts'
import { startOurs } from '../../support/own-collector.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'
import { writeRecorded } from '../../support/recorded.ts'

import { compareAuth, compareBalance, compareQueue } from './live.ts'

const RECORDED = 'test/embedded/collector/beside/recorded.jsonl'

const real = realCollector()
if (real === undefined) console.log('components: SKIPPED, OTELCOL names no Collector')
else {
  const record = process.argv.includes('--record')
  const word = process.argv.slice(2).find((one) => !one.startsWith('--')) ?? ''
  const results: Record<string, BesideResult> = {}
  let bad = 0
  for (const side of sides().filter(({ name }) => name.includes(word))) {
    const [theirs, ours] = [await throughReal(real.path, side), await oursBeside(side)]
    let same = 0
    for (const [i, { name }] of side.cases.entries()) {
      results[name] = resultOf(theirs[i]!)
      if (compare(name, theirs[i]!, ours[i]!)) same++
      else bad++
    }
    console.log(`${side.name}: ${same} of ${side.cases.length} settings as the real ${real.version}`)
  }
  if ('file_log'.includes(word) && !(await files(real.path, real.version, record))) bad++
  if ('bearertokenauth'.includes(word) && !(await compareAuth(real.path, real.version))) bad++
  if ('file_storage'.includes(word) && !(await compareQueue(real.path, real.version))) bad++
  if ('load_balancing'.includes(word) && !(await compareBalance(real.path, real.version))) bad++
  if (record && word === '') writeRecorded(RECORDED, { version: real.version, results })
  process.exitCode = bad === 0 ? 0 : 1
}

async function throughReal(path: string, side: Side): Promise<Items[]> {
  const dir = await mkdtemp(join(tmpdir(), 'components-'))
  const port = await freePort()
  const config = configOf(side, `{protocols: {http: {endpoint: '127.0.0.1:${port}'}}}`, (id) => {
    return `${EXPORTER}/${id}: {path: ${join(dir, id)}, flush_interval: 50ms}`
  })
  const collector = await startRealCollector(path, config)
  if (collector.exitCode() !== null) throw new Error(collector.log().slice(0, 5_000))
  for (const request of requestsOf(side.signal)) {
    await fetch(`http://127.0.0.1:${port}/v1/${side.signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
  }
  await sleep(side.file.wait ?? 300)
  await collector.stop()
  const files = new Map<string, unknown[]>()
  for (const i of side.cases.keys()) {
    for (const end of side.file.into ?? ['a']) {
      const id = `${i}${end.split('/').at(-1)}`
      const text = await readFile(join(dir, id), 'utf8').catch(() => '')
      files.set(
        id,
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      )
    }
  }
  await rm(dir, { recursive: true, force: true })
  return itemsOf(side, (id) => files.get(id) ?? [])
}

/** The same for lines of files. */
async function files(path: string, version: string, record: boolean): Promise<boolean> {
  const cases = fileCases()
  const dir = await mkdtemp(join(tmpdir(), 'components-'))
  const at = (who: string) => ({ inputs: join(dir, who, 'files/logs'), outputs: join(dir, who, 'files/out') })
  // Nobody knows yet how many the real one's are: it is given time.
  const polls = (most: number) => {
    let left = most
    return () => left-- <= 0
  }
  const theirs = await throughFiles(
    cases,
    at('real'),
    () => startRealCollector(path, filesConfig(cases, at('real').inputs, at('real').outputs)),
    { half: polls(12), all: polls(12) },
  )
  const reached = (wanted: number[]) => {
    const late = polls(50)
    return (counts: number[]) => counts.every((count, i) => count >= wanted[i]!) || late()
  }
  const ours = await throughFiles(
    cases,
    at('ours'),
    () => startOurs(filesConfig(cases, '/logs', '/out'), join(dir, 'ours')),
    { half: reached(theirs.half), all: reached(theirs.records.map(({ length }) => length)) },
  )
  await rm(dir, { recursive: true, force: true })
  const same = cases.filter(({ name }, i) => compare(name, { a: theirs.records[i]! }, { a: ours.records[i]! }))
  console.log(`file_log: ${same.length} of ${cases.length} settings as the real ${version}`)
  const results = Object.fromEntries(
    cases.map(({ name }, i) => [name, fileResult(theirs.half[i]!, theirs.records[i]!)]),
  )
  if (record) writeRecorded('test/embedded/collector/beside-files.jsonl', { version, results })
  return same.length === cases.length
}

/** Tells what one has and the other has not. */
function compare(name: string, theirs: Items, ours: Items): boolean {
  let same = true
  for (const [end, items] of Object.entries(theirs)) {
    const only = (a: readonly string[], b: readonly string[]) => {
      const there = new Set(b)
      return a.filter((one) => !there.has(one))
    }
    const [missing, more] = [only(items, ours[end]!), only(ours[end]!, items)]
    if (missing.length === 0 && more.length === 0 && items.length === ours[end]!.length) continue
    same = false
    console.log(`✗ ${name} (${end}): real ${items.length} items, ours ${ours[end]!.length}`)
    const twin = more.find((one) => numberIn(one) === numberIn(missing[0] ?? '')) ?? more[0]
    console.log(`    real only, ${missing.length}: ${missing[0] ?? 'nothing'}`)
    console.log(`    ours only, ${more.length}: ${twin ?? 'nothing'}`)
  }
  return same
}
