// The archive hands out scans over HTTP. Whoever wrote its telemetry made names up.
import { SpanKind, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({
  resource: resourceFromAttributes({ serviceName: 'Archive', version: 'v2' }),
})
sdk.start()
const tracer = trace.getTracer('archive')

/** Answers one request, as a server would. */
function answer(method, path, status) {
  tracer.startActiveSpan(method, { kind: SpanKind.SERVER }, (span) => {
    span.setAttributes({ verb: method, uri: path, code: String(status) })
    span.end()
  })
}

answer('GET', '/scans/sub-001', 200)
answer('GET', '/scans/sub-099', 404)
answer('PUT', '/scans/sub-002', 201)
await sdk.shutdown()
console.log('3 requests answered')
