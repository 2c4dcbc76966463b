// A scan goes from the scanner over a proxy and a mailbox to the archive, and its trace falls into pieces on the way.
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'hops' })
sdk.start()
const tracer = trace.getTracer('hops')

const client = (name, work) =>
  tracer.startActiveSpan(name, { kind: SpanKind.CLIENT }, (span) => {
    const headers = {}
    propagation.inject(context.active(), headers)
    work(headers)
    span.end()
  })

const server = (name, headers, work = () => {}) =>
  tracer.startActiveSpan(name, { kind: SpanKind.SERVER }, propagation.extract(ROOT_CONTEXT, headers), (span) => {
    work()
    span.end()
  })

/** Has no telemetry of its own: it passes on what it is given, if it knows the header. */
const PASSED_ON = ['content-type', 'authorization']
const proxy = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => PASSED_ON.includes(name)))

/** Keeps a message as a line of text. */
const mailbox = (headers) => {
  const kept = Object.entries(headers).map(([name, value]) => `${name}: ${value.toUpperCase()}`)
  return Object.fromEntries(kept.map((line) => line.split(': ')))
}

context.with(ROOT_CONTEXT, () =>
  tracer.startActiveSpan('make_scan', (scan) => {
    client('PUT proxy', (headers) =>
      server('receive', proxy(headers), () =>
        client('send mail', (mail) => context.with(ROOT_CONTEXT, () => server('archive', mailbox(mail)))),
      ),
    )
    scan.end()
  }),
)
await sdk.shutdown()
console.log('the scan is in the archive')
