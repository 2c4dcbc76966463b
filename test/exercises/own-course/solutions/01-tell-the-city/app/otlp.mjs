import { randomBytes } from 'node:crypto'

const attribute = (key, value) => ({ key, value: { stringValue: value } })
const resource = (process.env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').map((pair) => attribute(...pair.split('=')))

/** Sends a server span with a client span below it. */
export async function trace(name, city, child = 'lookup') {
  const traceId = randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  const now = BigInt(Date.now()) * 1_000_000n
  const times = (from, to) => ({ startTimeUnixNano: String(now + from), endTimeUnixNano: String(now + to) })
  const spans = [
    { traceId, spanId, name, kind: 2, ...times(0n, 9_000_000n), attributes: [attribute('city', city)] },
    {
      traceId,
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: spanId,
      name: child,
      kind: 3,
      ...times(1_000_000n, 5_000_000n),
    },
  ]
  const answer = await fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        { resource: { attributes: [attribute('service.name', 'greeter'), ...resource] }, scopeSpans: [{ spans }] },
      ],
    }),
  })
  if (!answer.ok) throw new Error(`the collector says ${answer.status}`)
}
