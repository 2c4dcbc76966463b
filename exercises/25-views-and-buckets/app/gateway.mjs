// A gateway answers many quick requests. Its histogram is there, and says nothing.
import { metrics } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
// Somebody else's library: its code is not yours to change.
const duration = metrics.getMeter('gateway-lib').createHistogram('gateway.duration', { unit: 's' })

// Half of them take 20 ms, nine in ten less than 0.1 s, and one in fifty 0.7 s.
const requests = 150
for (let i = 0; i < requests; i++) {
  const seconds = i % 50 === 0 ? 0.7 : i % 5 === 0 ? 0.08 : 0.02
  duration.record(seconds, { route: i % 3 === 0 ? '/scans' : '/reports', 'request.id': `req-${i}` })
}
await sdk.shutdown()
console.log(`${requests} requests answered`)
