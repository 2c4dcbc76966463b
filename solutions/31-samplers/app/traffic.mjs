// Four hundred requests, each of two spans. A share of the traces is kept, each of them whole.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base'

const sdk = new NodeSDK({
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(Number('${kept}') / 400) }),
})
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
