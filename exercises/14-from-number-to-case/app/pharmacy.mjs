// A hospital's pharmacy. It tells its work as spans and has no metric at all. Nothing has to be changed here, and the
// code won't tell you which prescription was slow in this run.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const slow = Number(process.env.SLOW_PLACE ?? 17)
const milligrams = Number(process.env.MILLIGRAMS ?? 340)
const sdk = new NodeSDK({ serviceName: 'pharmacy' })
sdk.start()
const tracer = trace.getTracer('pharmacy')
const now = Date.now()
for (let i = 0; i < 40; i++) {
  const ms = i === slow ? 2300 : 12 + ((i * 37) % 70)
  const mg = i === slow ? milligrams : 10 + ((i * 7) % 30)
  // As if they had been filled while the others were: each ends now.
  const startTime = now - ms
  tracer.startActiveSpan(
    'fill_prescription',
    { root: true, startTime, attributes: { 'prescription.mg': mg } },
    (span) => {
      tracer.startSpan('check_interactions', { startTime }).end(startTime + ms * 0.8)
      span.end(now)
    },
  )
}
await sdk.shutdown()
console.log('40 prescriptions filled')
