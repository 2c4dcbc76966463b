// Works through many scans. Each span is sent by itself, and the last ones are not sent at all.
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

const sdk = new NodeSDK({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] })
sdk.start()
const tracer = trace.getTracer('night')
const scans = Number(process.env.SCANS ?? '${many}')

tracer.startActiveSpan('night', (night) => {
  for (let i = 0; i < scans; i++) tracer.startActiveSpan('process_scan', (span) => span.end())
  night.end()
})
console.log(`${scans} scans`)
process.exit(0)
