// A reception answers requests on three ways and counts them. It says enough; one has to ask it the right thing.
import { metrics } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'reception' })
sdk.start()
const meter = metrics.getMeter('reception')
const requests = meter.createCounter('reception.requests', { unit: '{request}' })
const duration = meter.createHistogram('reception.duration', {
  unit: 's',
  advice: { explicitBucketBoundaries: [0.05, 0.1, 0.25, 0.5, 1, 2.5] },
})
const { BOOKED = '40', REFUSED = '6', SLOW = '5' } = process.env
// Another day, to see whether a question holds for more than one.
const day = process.argv[2] === 'another' ? 7 : 0

function answer(route, count, failed, slow) {
  for (let i = 0; i < count; i++) {
    requests.add(1, { route, outcome: i < failed ? 'failed' : 'ok' })
    duration.record(i < slow ? 0.8 : 0.03, { route })
  }
}

answer('book', Number(BOOKED), 1 + day, 2)
answer('cancel', 20 + day, Number(REFUSED), 1 + day)
answer('look up', 60, 3, Number(SLOW) + day)
await sdk.shutdown()
console.log('the reception is closed')
