// Takes one scan in: one trace, whose tree is the tree of the calls.
import { setTimeout as sleep } from 'node:timers/promises'
import { SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('intake')
const subject = process.env.SUBJECT ?? '${patient}'

/** Runs `work` in a span of its own, which is the parent of what is opened in it. */
const inSpan = (name, options, work) =>
  tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })

/** The scanner calls this over the network. */
const receiveScan = () =>
  inSpan('receive_scan', { kind: SpanKind.SERVER, attributes: { 'scan.subject': subject } }, async () => {
    await convertScan()
    await storeScan()
  })

const convertScan = () =>
  inSpan('convert_scan', {}, async () => {
    for (const slice of [1, 2, 3]) await readSlice(slice)
  })

const readSlice = (slice) => inSpan('read_slice', { attributes: { 'scan.slice': slice } }, () => sleep(10))

/** Calls the archive over the network. */
const storeScan = () => inSpan('store_scan', { kind: SpanKind.CLIENT }, () => sleep(20))

await receiveScan()
await sdk.shutdown()
console.log(`${subject} is in the archive`)
