// A ward's night, told in five rounds. It says nothing of what its SDK is to do, so a file decides, and nothing has to
// be changed here. startNodeSDK is the SDK's newer door: only this one reads OTEL_CONFIG_FILE, `new NodeSDK()` does not.
import { trace } from '@opentelemetry/api'
import { startNodeSDK } from '@opentelemetry/sdk-node'

const sdk = startNodeSDK()
const tracer = trace.getTracer('night')
for (let round = 1; round <= 5; round++) {
  tracer.startActiveSpan('round', { root: true }, (span) => {
    span.setAttribute('round.number', round)
    span.setAttribute('round.notes', 'all sleep, the pump of bed 4 was set anew; '.repeat(12))
    span.end()
  })
}
await sdk.shutdown().catch((error) => console.error(`not sent: ${error.message}`))
console.log('five rounds were made')
