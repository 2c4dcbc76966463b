// A night of the rescue helicopter. It ends well, whatever becomes of its spans afterwards.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const all = Number(process.env.FLIGHTS ?? 7)
const sdk = new NodeSDK({ serviceName: 'rescue' })
sdk.start()
const tracer = trace.getTracer('rescue')
for (let flight = 1; flight <= all; flight++) {
  tracer.startActiveSpan('flight', { root: true, attributes: { 'flight.number': flight } }, (span) => span.end())
}
await sdk.shutdown()
console.log(`${all} flights`)
