// An archive answers many requests. Most go well and are alike; a few fail inside, a few take long. It stays as it is.
import { setTimeout as sleep } from 'node:timers/promises'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'archive' })
sdk.start()
const tracer = trace.getTracer('archive')
const { BAD = '${bad}', SLOW = '${slow}' } = process.env

/** The request itself goes well in the end, for it is tried again: the failure is known to its lookup alone. */
const request = (outcome) =>
  tracer.startActiveSpan('request', { root: true, attributes: { 'request.outcome': outcome } }, async (span) => {
    await tracer.startActiveSpan('lookup', async (child) => {
      if (outcome === 'failed') child.setStatus({ code: SpanStatusCode.ERROR, message: 'the disk did not answer' })
      if (outcome === 'slow') await sleep(400)
      child.end()
    })
    span.end()
  })

for (let i = 0; i < 100; i++) await request('usual')
for (let i = 0; i < Number(BAD); i++) await request('failed')
await Promise.all(Array.from({ length: Number(SLOW) }, () => request('slow')))
await sdk.shutdown()
console.log('all requests answered')
