// A morning in the clinic. Much of it is noise, and some of what looks like noise is not.
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'clinic' })
sdk.start()
const tracer = trace.getTracer('clinic')

function once(name, attributes = {}, failed = false) {
  tracer.startActiveSpan(name, { root: true, kind: SpanKind.SERVER, attributes }, (span) => {
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR, message: 'the scanner does not answer' })
    span.end()
  })
}

for (let i = 0; i < 5; i++) once('GET', { 'url.path': '/healthz' })
for (let i = 0; i < 3; i++) once('update_health_record')
for (let i = 0; i < 20; i++) once(process.env.NOISE ?? '${noise}')
once(process.env.NOISE ?? '${noise}', {}, true)
once('process_scan')
await sdk.shutdown()
console.log('the morning is over')
