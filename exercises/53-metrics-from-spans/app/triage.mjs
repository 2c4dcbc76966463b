// Sorts scans by how urgent they are. It has spans and no metrics, and it stays so.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'triage' })
sdk.start()
const tracer = trace.getTracer('triage')
const urgent = Number(process.env.URGENT ?? 5)

for (let i = 0; i < 30; i++) {
  const priority = i < urgent ? 'urgent' : 'routine'
  tracer.startActiveSpan('triage_scan', { root: true, attributes: { 'scan.priority': priority } }, (span) => {
    if (i === 0) span.setStatus({ code: SpanStatusCode.ERROR, message: 'nobody is there to look at it' })
    span.end()
  })
}
await sdk.shutdown()
console.log('30 scans sorted')
