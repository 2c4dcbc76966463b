// An intranet of a vendor's. Its spans are named after what was asked for, its lines say how bad it is in their text.
import { SpanKind, trace } from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'intranet' })
sdk.start()
const tracer = trace.getTracer('intranet')
const logger = logs.getLogger('intranet')
const { FIRST = '${first}', BROKEN = '3' } = process.env
const paths = Array.from({ length: 20 }, (_, i) => `/scans/${Number(FIRST) + i}`)

for (const [i, path] of [...paths, '/wards', '/wards'].entries()) {
  const attributes = { 'http.request.method': 'GET', 'url.path': path }
  tracer.startActiveSpan(`GET ${path}`, { kind: SpanKind.SERVER, root: true, attributes }, (span) => {
    logger.emit({ body: i < Number(BROKEN) ? `<3> ${path} has no header` : `<6> ${path} was read` })
    span.end()
  })
}
await sdk.shutdown()
console.log('22 requests')
