// Takes one scan in. Every step has a span already, and yet nobody can read the story out of them.
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('intake')
const subject = process.env.SUBJECT ?? '${patient}'

/** The scanner calls this over the network. */
async function receiveScan() {
  const span = tracer.startSpan(`receive ${subject}`)
  await convertScan()
  await storeScan()
  span.end()
}

async function convertScan() {
  const span = tracer.startSpan(`convert ${subject}`)
  for (const slice of [1, 2, 3]) await readSlice(slice)
  span.end()
}

async function readSlice(slice) {
  const span = tracer.startSpan(`slice ${slice} of ${subject}`)
  await sleep(10)
  span.end()
}

/** Calls the archive over the network. */
async function storeScan() {
  const span = tracer.startSpan(`store ${subject}`)
  await sleep(20)
  span.end()
}

await receiveScan()
await sdk.shutdown()
console.log(`${subject} is in the archive`)
