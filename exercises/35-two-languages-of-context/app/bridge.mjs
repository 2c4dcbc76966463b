// Between an old scanner and two archives. The scanner says which trace a scan belongs to, and nobody here understands.
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { B3Propagator } from '@opentelemetry/propagator-b3'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'bridge' })
sdk.start()
const tracer = trace.getTracer('bridge')

// The three others. They are not yours to change.
const oldScanner = () => ({ b3: `4bf92f3577b34da6a3ce929d0e${process.env.DIGITS ?? '${digits}'}-00f067aa0ba902b7-1` })
const storeIn = (name, understands) => (headers) => {
  const parent = understands.extract(ROOT_CONTEXT, headers, { get: (from, key) => from[key], keys: Object.keys })
  tracer.startActiveSpan(name, { kind: SpanKind.SERVER }, parent, (span) => span.end())
}
const oldArchive = storeIn('store in old archive', new B3Propagator())
const newArchive = storeIn('store in new archive', new W3CTraceContextPropagator())

function send(name, archive) {
  tracer.startActiveSpan(name, { kind: SpanKind.CLIENT }, (span) => {
    const headers = {}
    propagation.inject(context.active(), headers)
    archive(headers)
    span.end()
  })
}

const parent = propagation.extract(ROOT_CONTEXT, oldScanner())
tracer.startActiveSpan('receive', { kind: SpanKind.SERVER }, parent, (span) => {
  send('PUT old', oldArchive)
  send('PUT new', newArchive)
  span.end()
})
await sdk.shutdown()
console.log('the scan is in both archives')
