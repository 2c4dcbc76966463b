// Spans at random moments, through the SDK's batch processor at the delay that the environment says. TRUTH_FILE gets for
// each when it ended and when it was exported: the SDK's queue, told from inside.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_RESOURCE_ATTRIBUTES: attributes, TRUTH_FILE } = process.env
const [count, every] = process.argv.slice(2).map(Number)
const ends = new Map()
const exporter = {
  async export(spans, done) {
    const at = performance.timeOrigin + performance.now()
    const body = JsonTraceSerializer.serializeRequest(spans)
    const headers = { 'content-type': 'application/json' }
    const { ok } = await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body })
    for (const span of spans) {
      const { traceId, spanId } = span.spanContext()
      appendFileSync(TRUTH_FILE, `${traceId} ${at - ends.get(spanId)}\n`)
    }
    done({ code: ok ? 0 : 1 })
  },
  shutdown: async () => {},
}
const resource = resourceFromAttributes({
  'service.name': 'sdk',
  ...Object.fromEntries(attributes.split(',').map((pair) => pair.split('='))),
})
const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] })
const tracer = provider.getTracer('bench')
for (let i = 0; i < count; i++) {
  await sleep(2 * Math.random() * every)
  const span = tracer.startSpan('work')
  const { traceId, spanId } = span.spanContext()
  ends.set(spanId, performance.timeOrigin + performance.now())
  span.end()
  console.log(JSON.stringify({ trace_id: traceId }))
}
await provider.shutdown()
