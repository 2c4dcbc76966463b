// Ten minutes ago a recorder wrote down what it saw; now it tells. Its lines never arrive, and it does not know.
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'recorder' })
sdk.start()
const logger = logs.getLogger('recorder')
const many = Number(process.env.LINES ?? '${lines}')

// As the recorder keeps them: seconds since 1970.
const tenMinutesAgo = Math.floor(Date.now() / 1000) - 600
const recorded = Array.from({ length: many }, (_, i) => ({ at: tenMinutesAgo + (i % 20), text: `frame ${i} was lost` }))

for (const { at, text } of recorded) {
  logger.emit({ timestamp: at, severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: text })
}
await sdk.shutdown()
console.log(`${many} lines told`)
