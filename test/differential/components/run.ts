import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { configOf, EXPORTER, type Side, sides } from '../../support/beside/cases.ts'
import { type BesideResult, type Items, itemsOf, numberIn, oursBeside, resultOf } from '../../support/beside/results.ts'
import { requestsOf } from '../../support/beside/telemetry.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'
import { writeRecorded } from '../../support/recorded.ts'

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
