// Processes the scans of one study. Deep inside nobody knows any more which study it is.
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('study')

const inSpan = (name, work) =>
  tracer.startActiveSpan(name, async (span) => {
    await work()
    span.end()
  })

/** Of another team, and used by many: it has never heard of studies, and shall not. */
const denoise = () => inSpan('denoise', () => sleep(10))
const register = () => inSpan('register', () => sleep(10))

async function processStudy(study) {
  await inSpan('process_study', async () => {
    await denoise()
    await register()
  })
  console.log(`${study} is processed`)
}

await processStudy(process.env.STUDY ?? 'study-${code}')
await sdk.shutdown()
