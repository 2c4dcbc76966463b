// Four hundred requests, each of two spans. All of them are kept, and somebody pays for that.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('traffic')

for (let i = 0; i < 400; i++) {
  tracer.startActiveSpan('request', { root: true, attributes: { 'request.number': i } }, (request) => {
    tracer.startActiveSpan('lookup', (lookup) => lookup.end())
    request.end()
  })
}
await sdk.shutdown()
console.log('400 requests')
