// Works through tonight's scans. One of them is broken, and the telemetry does not say so.
import { trace } from '@opentelemetry/api'
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
for (const subject of subjects) {
  tracer.startActiveSpan('process_scan', { root: true }, (span) => {
    span.setAttribute('scan.subject', subject)
    try {
      readScan(subject)
    } catch {
      // The night goes on.
      failed++
    }
    span.end()
  })
}

tracer.startActiveSpan('nightly_report', (span) => {
  console.log(`${subjects.length} scans, ${failed} failed`)
  span.end()
})
await sdk.shutdown()
