// Scans wait in a queue and are processed. Four instruments say how it is doing.
import { setTimeout as sleep } from 'node:timers/promises'
import { metrics } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const meter = metrics.getMeter('queue')
const processed = meter.createCounter('scans.processed', { unit: '{scan}' })
const inQueue = meter.createUpDownCounter('scans.waiting', { unit: '{scan}' })
const duration = meter.createHistogram('scan.duration', { unit: 's' })
const heat = meter.createObservableGauge('scanner.temperature', { unit: 'Cel' })

const total = Number(process.env.SCANS ?? '${scans}')
const bad = Number(process.env.BAD ?? '${bad}')
const waiting = Array.from({ length: total }, (_, i) => ({ id: i + 1, broken: i < bad }))
inQueue.add(total)

/** Takes a scan out of the queue and says how many seconds it took, and whether it went well. */
async function processNext() {
  const scan = waiting.shift()
  inQueue.add(-1)
  const began = performance.now()
  await sleep(scan.broken ? 5 : 20)
  return { seconds: (performance.now() - began) / 1000, outcome: scan.broken ? 'failed' : 'ok' }
}

/** In degrees Celsius; only the scanner knows it, and only when asked. */
const temperature = () => 21.5
heat.addCallback((result) => result.observe(temperature()))

// Three are left for tomorrow.
while (waiting.length > 3) {
  const { seconds, outcome } = await processNext()
  processed.add(1, { outcome })
  duration.record(seconds)
}
console.log(`${total - waiting.length} processed, ${waiting.length} still waiting, ${temperature()} degrees`)
await sdk.shutdown()
