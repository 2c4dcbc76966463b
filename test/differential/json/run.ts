import { setTimeout as sleep } from 'node:timers/promises'
import { SIGNALS } from '../../../src/util/signal.ts'
import { capture, startOurs } from '../../support/own-collector.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'
import { type Body, bodies } from './bodies.ts'

const SETTLE_MS = 3_000

const real = realCollector()
if (real === undefined) console.log('json: SKIPPED, OTELCOL names no Collector')
else process.exitCode = await run(real.path, real.version)

async function run(path: string, version: string): Promise<number> {
  const all = bodies()
  const [theirs, ours] = [
    await answers(all, (config) => startRealCollector(path, config)),
    await answers(all, (config) => startOurs(config)),
  ]
  let same = 0
  for (const [i, { signal, text }] of all.entries()) {
    if (sameAs(theirs[i]!, ours[i]!)) {
      same++
      continue
    }
    console.log(`✗ ${signal} ${text}\n    real: ${theirs[i]}\n    ours: ${ours[i]}`)
  }
  console.log(`${same} of ${all.length} bodies answered and sent on as the real ${version} does`)
  return same === all.length ? 0 : 1
}

/** For each body its status and, where it was taken, what came out behind, one at a time. */
async function answers(all: Body[], start: (config: string) => Promise<{ stop(): Promise<void> }>): Promise<string[]> {
  const sink = await capture()
  const port = await freePort()
  const pipelines = SIGNALS.map((signal) => `${signal}: {receivers: [otlp], exporters: [otlp_http]}`).join(', ')
  const collector = await start(`
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:${port}'}}}}
exporters: {otlp_http: {endpoint: 'http://127.0.0.1:${sink.port}', compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}}
service: {telemetry: {metrics: {level: none}}, pipelines: {${pipelines}}}
`)
  try {
    const told: string[] = []
    for (const { signal, text } of all) {
      sink.got.clear()
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`http://127.0.0.1:${port}/v1/${signal}`, { method: 'POST', headers, body: text })
      await answer.text()
      told.push(`${answer.status} ${[...sink.got].join()}`.trim())
    }
    await sleep(SETTLE_MS)
    return told
  } finally {
    await collector.stop()
    await sink.close()
  }
}

/** A refusal is one whatever its status: the real one's own slips are 500. Go's NaN has another bit. */
function sameAs(theirs: string, ours: string): boolean {
  if (theirs === '400' || theirs === '500') return ours === '400'
  return theirs === ours || theirs.replace('EBAAAAAPh/', 'EAAAAAAPh/') === ours
}
