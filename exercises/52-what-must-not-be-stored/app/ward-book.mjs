// A ward's book, of a vendor whose code nobody may change. It tells more than it should, in spans and in log lines.
import { trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'ward-book' })
sdk.start()
const tracer = trace.getTracer('ward-book')
const logger = logs.getLogger('ward-book')
const { NUMBER = '4711', NAME = 'Miller' } = process.env
const visits = [
  { 'patient.name': NAME, 'patient.id': `p-${NUMBER}`, 'visit.ward': 'east' },
  { 'patient.name': 'Sato', 'patient.id': 'p-1200', 'visit.ward': 'east' },
  { 'patient.name': NAME, 'patient.id': `p-${NUMBER}`, 'visit.ward': 'west' },
]

for (const attributes of visits) {
  tracer.startActiveSpan('visit', { root: true, attributes }, (span) => {
    logger.emit({ severityNumber: SeverityNumber.INFO, severityText: 'INFO', body: 'a visit begins', attributes })
    span.end()
  })
}
await sdk.shutdown()
console.log('3 visits')
