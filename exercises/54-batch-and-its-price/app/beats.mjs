// A monitor that sends each heartbeat on its own, the moment it has happened. It stays as it is.
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

const sdk = new NodeSDK({
  serviceName: 'monitor',
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())],
})
sdk.start()
const tracer = trace.getTracer('monitor')
const many = Number(process.env.BEATS ?? '${beats}')

for (let i = 0; i < many; i++) {
  tracer.startActiveSpan('heartbeat', { root: true }, (span) => span.end())
  await sleep(60)
}
await sdk.shutdown()
console.log(`${many} heartbeats`)
