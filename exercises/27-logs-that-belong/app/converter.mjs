// Converts scans and writes a log, as programs always have. It belongs to nothing.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
const tracer = trace.getTracer('converter')
const broken = process.env.BROKEN ?? 'sub-002'

/** The program's own logger; all of its lines go through here. */
function log(level, message, fields = {}) {
  console.log(JSON.stringify({ level, message, ...fields }))
}

log('INFO', 'converter starts')
for (const subject of ['sub-001', 'sub-002', 'sub-003']) {
  tracer.startActiveSpan('convert_scan', { root: true }, (span) => {
    span.setAttribute('scan.subject', subject)
    log('INFO', 'conversion begins', { subject })
    if (subject === broken) log('ERROR', 'orientation is missing', { subject })
    span.end()
  })
}
await sdk.shutdown()
