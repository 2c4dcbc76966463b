// A ward's computer answers a few requests. Nothing has to be changed here: find out, from outside, what it did.
import { setTimeout as sleep } from 'node:timers/promises'
import { metrics, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'ward' })
sdk.start()
const tracer = trace.getTracer('ward')
const duration = metrics.getMeter('ward').createHistogram('ward.request.duration', {
  unit: 's',
  advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2, 5] },
})
const { SLOW_STEP = 'denoise', SLOW_PLACE = '3', MEGABYTES = '500' } = process.env
const steps = ['load', 'denoise', 'register', 'store']

function log(severity, body, attributes) {
  logs.getLogger('ward').emit({ severityNumber: SeverityNumber[severity], severityText: severity, body, attributes })
}

for (let i = 1; i <= 10; i++) {
  const slow = i === Number(SLOW_PLACE)
  await tracer.startActiveSpan('request', { root: true }, async (span) => {
    const began = performance.now()
    log('INFO', 'a scan came in', { megabytes: slow ? Number(MEGABYTES) : 20 + i })
    for (const step of steps) {
      await tracer.startActiveSpan(step, async (child) => {
        await sleep(slow && step === SLOW_STEP ? 1500 : 6)
        child.end()
      })
    }
    span.end()
    duration.record((performance.now() - began) / 1000)
  })
}
await sdk.shutdown()
console.log('10 requests answered')
