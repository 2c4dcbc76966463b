// One department's evening. Each says on its resource who it is; nothing has to be changed here.
import { trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'

const name = process.argv[2] ?? 'ward'
const many = Number(process.env.MANY ?? 5)
const sdk = new NodeSDK({ serviceName: 'evening', resource: resourceFromAttributes({ 'department.name': name }) })
sdk.start()
for (let i = 0; i < many; i++)
  trace
    .getTracer('evening')
    .startActiveSpan('work', { root: true, attributes: { 'work.of': name } }, (span) => span.end())
await sdk.shutdown()
console.log(`${name}: ${many} pieces of work`)
