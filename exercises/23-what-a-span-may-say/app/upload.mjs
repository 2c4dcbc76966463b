// Uploads four scans to the archive. Its spans say a lot: too much of one thing, and of others in the wrong form.
import { SpanKind, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'upload' })
sdk.start()
const tracer = trace.getTracer('upload')
const token = process.env.TOKEN ?? 'secret'
const megabytes = Number(process.env.MEGABYTES ?? 300)
const scans = [
  { id: 'a', name: 'Miller, Ruth', bytes: megabytes * 1_000_000, status: 201, anonymous: true },
  { id: 'b', name: 'Sato, Ken', bytes: 41_000_000, status: 201, anonymous: true },
  { id: 'c', name: 'Ndiaye, Awa', bytes: 8_000_000, status: 503, anonymous: false },
  { id: 'd', name: 'Rossi, Ada', bytes: 52_000_000, status: 201, anonymous: false },
]

for (const { id, name, bytes, status, anonymous } of scans) {
  tracer.startActiveSpan('PUT', { kind: SpanKind.CLIENT, root: true }, (span) => {
    span.setAttribute('http.response.status_code', `${status}`)
    span.setAttribute('file.size', `${Math.round(bytes / 1_000_000)} MB`)
    span.setAttribute('scan.anonymous', anonymous ? 'yes' : 'no')
    span.setAttribute('patient.name', name)
    span.setAttribute('url.full', `https://archive.example/scans/${id}?token=${token}&part=1`)
    span.end()
  })
}
await sdk.shutdown()
console.log('4 scans uploaded')
