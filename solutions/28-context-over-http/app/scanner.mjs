// The scanner: makes a scan and hands it to the archive over HTTP.
import { setTimeout as sleep } from 'node:timers/promises'
import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'scanner' })
sdk.start()
const tracer = trace.getTracer('scanner')
const url = `http://127.0.0.1:${process.env.PORT}/scans`

/** Until the archive is up, which starts at the same time. */
async function put(headers) {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url, { method: 'PUT', body: 'voxels', headers })
    } catch (error) {
      if (tries > 200) throw error
      await sleep(50)
    }
  }
}

await tracer.startActiveSpan('make_scan', async (scan) => {
  await tracer.startActiveSpan('PUT', { kind: SpanKind.CLIENT }, async (call) => {
    const headers = { 'x-last': 'yes' }
    propagation.inject(context.active(), headers)
    const response = await put(headers)
    console.log(`the archive says: ${await response.text()}`)
    call.end()
  })
  scan.end()
})
await sdk.shutdown()
