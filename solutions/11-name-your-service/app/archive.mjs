// The archive hands out scans over HTTP, and calls things what everybody calls them.
import { SpanKind, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_URL_PATH,
} from '@opentelemetry/semantic-conventions'

const sdk = new NodeSDK({
  resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: '${service}', [ATTR_SERVICE_VERSION]: '2.${minor}.0' }),
})
sdk.start()
const tracer = trace.getTracer('archive')

/** Answers one request, as a server would. */
function answer(method, path, status) {
  tracer.startActiveSpan(method, { kind: SpanKind.SERVER }, (span) => {
    span.setAttributes({
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_URL_PATH]: path,
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
    })
    span.end()
  })
}

answer('GET', '/scans/sub-001', 200)
answer('GET', '/scans/sub-099', 404)
answer('PUT', '/scans/sub-002', 201)
await sdk.shutdown()
console.log('3 requests answered')
