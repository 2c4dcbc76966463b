// The archive: an HTTP server that keeps scans. It ends when it has been told to.
import { createServer } from 'node:http'
import { SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'archive' })
sdk.start()
const tracer = trace.getTracer('archive')

const server = createServer((request, response) => {
  tracer.startActiveSpan('PUT /scans', { kind: SpanKind.SERVER }, (span) => {
    span.setAttribute('http.request.method', request.method)
    response.end('kept')
    span.end()
  })
  if (request.headers['x-last']) server.close()
})
server.listen(Number(process.env.PORT), '127.0.0.1')
server.on('close', () => sdk.shutdown())
