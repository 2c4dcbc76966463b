// Counts who goes through which door of the clinic. Prometheus grows by the hour.
import { randomUUID } from 'node:crypto'
import { metrics } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'door' })
sdk.start()
const opened = metrics.getMeter('door').createCounter('door.opened', { unit: '{time}' })
const times = Number(process.env.TIMES ?? '${openings}')

for (let i = 0; i < times; i++) {
  opened.add(1, {
    door: ['main', 'ward', 'garden'][i % 3],
    'badge.id': randomUUID(),
    minute: String(Math.floor(i / 10)),
  })
}
await sdk.shutdown()
console.log(`the doors were opened ${times} times`)
