// Works through tonight's scans, and says which of them failed and why.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('nightly')
const broken = process.env.BROKEN ?? '${broken}'
const subjects = ['sub-001', 'sub-002', 'sub-003', 'sub-004']

function readScan(subject) {
  if (subject === broken) throw new RangeError(`${subject} ends after 512 of 1024 slices`)
}

let failed = 0
const processed = []
for (const subject of subjects) {
  tracer.startActiveSpan('process_scan', { root: true }, (span) => {
    processed.push({ context: span.spanContext() })
    span.setAttribute('scan.subject', subject)
    try {
      readScan(subject)
      span.addEvent('scan.checked', { 'scan.slices': 1024 })
    } catch (error) {
      // The night goes on.
      failed++
      span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
    }
    span.end()
  })
}

tracer.startActiveSpan('nightly_report', { links: processed }, (span) => {
  console.log(`${subjects.length} scans, ${failed} failed`)
  span.end()
})
await sdk.shutdown()
