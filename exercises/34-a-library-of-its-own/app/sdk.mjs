// What a program loads before it begins, when it wants to be watched: node --import ./app/sdk.mjs ...
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'census' })
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
