// Fills in a form about a scan. It is finished; nobody may change it any more.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK()
sdk.start()
trace.getTracer('form').startActiveSpan('fill_form', (span) => {
  span.setAttribute('form.remarks', 'The patient moved a little, but only after the third sequence. '.repeat(20))
  for (let i = 1; i <= 40; i++) span.setAttribute(`form.field.${i}`, i)
  span.end()
})
await sdk.shutdown()
console.log('the form is filled in')
