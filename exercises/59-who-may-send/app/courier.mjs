// The house's courier, and others who have found the door of its collector. Nothing has to be changed here.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const who = process.argv[2] ?? 'house'
const sdk = new NodeSDK({ serviceName: 'courier' })
sdk.start()
for (let i = 0; i < Number(process.env.MANY ?? 5); i++) {
  trace
    .getTracer('courier')
    .startActiveSpan('delivery', { root: true, attributes: { 'courier.of': who } }, (span) => span.end())
}
await sdk.shutdown().catch((error) => console.log(`not delivered: ${error.message}`))
console.log(`${who} has ended`)
