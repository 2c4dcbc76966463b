// Two versions of a viewer run side by side for some months: the old one says http.method, the new one
// http.request.method. Neither can be changed here.
import { SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'viewer' })
sdk.start()
const { OLD_GETS = '7', NEW_GETS = '9', NEW_POSTS = '4' } = process.env

function serve(count, attributes) {
  for (let i = 0; i < count; i++) {
    trace
      .getTracer('viewer')
      .startActiveSpan('serve', { kind: SpanKind.SERVER, root: true, attributes }, (span) => span.end())
  }
}

serve(Number(OLD_GETS), { 'http.method': 'GET', 'viewer.version': '1' })
serve(2, { 'http.method': 'POST', 'viewer.version': '1' })
serve(Number(NEW_GETS), { 'http.request.method': 'GET', 'viewer.version': '2' })
serve(Number(NEW_POSTS), { 'http.request.method': 'POST', 'viewer.version': '2' })
await sdk.shutdown()
console.log('all are served')
