// One half of a shift. It counts what it has told of; nothing has to be changed here.
import { metrics, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'shift' })
sdk.start()
const half = process.argv[2] ?? 'early'
const many = Number(process.env.MANY ?? 12)
const told = metrics.getMeter('shift').createCounter('shift.scans', { unit: '{scan}' })

for (let i = 0; i < many; i++) {
  trace
    .getTracer('shift')
    .startActiveSpan('scan', { root: true, attributes: { 'shift.half': half } }, (span) => span.end())
  told.add(1, { half })
}
await sdk.shutdown()
console.log(`${half}: ${many} scans`)
