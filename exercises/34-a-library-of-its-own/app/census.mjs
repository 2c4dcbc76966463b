// Counts the slices of some scans. It knows nothing of the library's telemetry, and stays as it is.
import { trace } from '@opentelemetry/api'
import { readScan } from './dicom.mjs'

await trace.getTracer('census').startActiveSpan('census', async (span) => {
  let slices = 0
  for (const subject of ['sub-001', 'sub-002', 'sub-003', 'sub-004']) slices += await readScan(subject)
  span.end()
  console.log(`${slices} slices`)
})
