// Works through many scans. Spans are gathered, sent together, and taken along at the end.
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'

const sdk = new NodeSDK({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { maxQueueSize: 4096 })] })
sdk.start()
const tracer = trace.getTracer('night')
const scans = Number(process.env.SCANS ?? '${many}')

tracer.startActiveSpan('night', (night) => {
  for (let i = 0; i < scans; i++) tracer.startActiveSpan('process_scan', (span) => span.end())
  night.end()
})
console.log(`${scans} scans`)
await sdk.shutdown()
process.exit(0)
