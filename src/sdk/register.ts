// What `node --import @opentelemetry/auto-instrumentations-node/register` loads in a lab: the SDK as OTEL_* say, and
// spans for http and fetch, without a line in the program. The real package knows some fifty libraries more.
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()] })
sdk.start()
// An instrumentation patches a module when it is required. Node's own are one object for require and import; who
// imports them by name sees the patch once it is carried over.
const require = createRequire(import.meta.url)
for (const name of ['node:http', 'node:https']) require(name)
syncBuiltinESMExports()

const flush = () => sdk.shutdown().catch(() => {})
process.once('beforeExit', flush)
process.once('SIGTERM', () => void flush().then(() => process.exit(143)))
