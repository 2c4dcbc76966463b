// Scans are announced in a queue, and a worker takes them out, two at a time, some while later.
import { setTimeout as sleep } from 'node:timers/promises'
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('queue')
/** Messages as a broker keeps them: nothing but text and headers. */
const queue = []

function announce(subject) {
  tracer.startActiveSpan('send scans', { kind: SpanKind.PRODUCER, root: true }, (span) => {
    span.setAttribute('scan.subject', subject)
    const headers = {}
    propagation.inject(context.active(), headers)
    queue.push({ headers, body: JSON.stringify({ subject }) })
    span.end()
  })
}

async function work(messages) {
  const senders = messages.map(({ headers }) => trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers)))
  const options = { kind: SpanKind.CONSUMER, root: true, links: senders.map((context) => ({ context })) }
  await tracer.startActiveSpan('process scans', options, async (span) => {
    span.setAttribute('messaging.batch.message_count', messages.length)
    await sleep(20)
    span.end()
  })
}

for (const subject of ['sub-001', 'sub-002', 'sub-003', 'sub-004']) announce(subject)
await sleep(100) // until somebody has time
while (queue.length > 0) await work(queue.splice(0, 2))
await sdk.shutdown()
console.log('the queue is empty')
