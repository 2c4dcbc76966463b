// Loki in a process of its own, to be killed: node serve.mjs FOLDER CONFIG. Prints its port.
import { startLoki } from '../../../../src/embedded/loki/loki.ts'
import { createNetwork } from '../../../../src/embedded/network.ts'

const [dataDir = '', configText = ''] = process.argv.slice(2)
const service = await startLoki({
  name: 'loki',
  network: { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 },
  dataDir,
  configText,
  configPath: 'loki.yaml',
  env: {},
  log: () => {},
})
console.log(service.ports().http)
// Whoever started it is gone: so is this.
process.stdin.on('end', () => process.exit(0)).resume()
