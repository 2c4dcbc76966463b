// Processes the scans of one study. Baggage carries its name along, and a span processor writes it onto every span.
import { setTimeout as sleep } from 'node:timers/promises'
import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'

/** Copies one entry of the baggage onto each span when it starts. */
class BaggageToSpan {
  onStart(span, parentContext) {
    const entry = propagation.getBaggage(parentContext)?.getEntry('study.id')
    if (entry) span.setAttribute('study.id', entry.value)
  }
  onEnd() {}
  async forceFlush() {}
  async shutdown() {}
}

const sdk = new NodeSDK({
  spanProcessors: [new BaggageToSpan(), new BatchSpanProcessor(new OTLPTraceExporter())],
})
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
  const baggage = propagation.createBaggage({ 'study.id': { value: study } })
  await context.with(propagation.setBaggage(context.active(), baggage), () =>
    inSpan('process_study', async () => {
      await denoise()
      await register()
    }),
  )
  console.log(`${study} is processed`)
}

await processStudy(process.env.STUDY ?? 'study-${code}')
await sdk.shutdown()
