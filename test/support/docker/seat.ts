// The entry of a test image: ONE embedded component as if it were the real one, with the real one's arguments, e.g.
//   node seat.mjs tempo -target=all -config.file=/etc/tempo/tempo.yaml
// The component itself listens on loopback only, as everywhere; inside the container a relay takes each of its
// ports to 0.0.0.0, as the real ones do. Other services are found by Docker's DNS.
import { mkdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { resolveConfig } from '../../../src/collector-config.ts'
import { startCollector } from '../../../src/embedded/collector/collector.ts'
import type { StartService } from '../../../src/embedded/component.ts'
import { createInflate } from '../../../src/embedded/compression.ts'
import { startLoki } from '../../../src/embedded/loki/loki.ts'
import type { Network } from '../../../src/embedded/network.ts'
import { startPrometheus } from '../../../src/embedded/prometheus/prometheus.ts'
import { startTempo } from '../../../src/embedded/tempo/tempo.ts'

const SEATS: Record<string, { start: StartService; dataDir: string }> = {
  'otel-collector': { start: startCollector, dataDir: '/tmp/embedded' },
  loki: { start: startLoki, dataDir: '/loki/embedded' },
  tempo: { start: startTempo, dataDir: '/var/tempo/embedded' },
  prometheus: { start: startPrometheus, dataDir: '/prometheus/embedded' },
}

const [name = '', ...args] = process.argv.slice(2)
const flag = args.map((arg) => /^--?config(?:\.file)?=(.+)$/.exec(arg)?.[1]).find((path) => path !== undefined)
const configPath = flag ?? '/config.yaml'
const configText = readFileSync(configPath, 'utf8')
if (name === 'otel-collector') checkAsTheRealOne(configText)
if (args[0] === 'validate') process.exit(0)

const seat = SEATS[name]!
mkdirSync(seat.dataDir, { recursive: true })
const running = await seat
  .start({
    name,
    network: containerNetwork(),
    dataDir: seat.dataDir,
    configText,
    configPath,
    env: process.env,
    log: (text) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  })
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
process.on('SIGTERM', () => void running.stop().finally(() => process.exit(0)))

/** As `otelcol` says it and ends, both for `validate` and at the start. */
function checkAsTheRealOne(text: string): void {
  const error = resolveConfig(text, process.env).diagnostics.find(({ severity }) => severity === 'error')
  if (error === undefined) return
  process.stderr.write(`Error: ${error.message}\n`)
  process.stderr.write(`${new Date().toISOString()} collector server run finished with error: ${error.message}\n`)
  process.exit(1)
}

function containerNetwork(): Network {
  const actual = new Map<number, number>()
  const relays = new Map<number, Server>()
  const itself = new Set(['localhost', '127.0.0.1', '0.0.0.0', '::1', '[::]', '::', '', name])
  return {
    // The others ask it by its name in Docker's DNS.
    hosts: [...Object.keys(SEATS), 'collector', 'otelcol'],
    inflate: createInflate(64 << 20),
    bindPort: () => 0,
    register(_, port, at) {
      actual.set(port, at)
      relays.set(port, relay(port, at))
    },
    unregister(_, port) {
      actual.delete(port)
      relays.get(port)?.close()
      relays.delete(port)
    },
    resolve: (_, host, port) => {
      const own = itself.has(host) ? actual.get(port) : undefined
      return own === undefined ? { host, port } : { host: '127.0.0.1', port: own }
    },
  }
}

function relay(port: number, to: number): Server {
  const server = createServer((outside) => {
    const inside = connect(to, '127.0.0.1')
    outside.pipe(inside).pipe(outside)
    outside.on('error', () => inside.destroy())
    inside.on('error', () => outside.destroy())
  })
  server.on('error', () => {
    process.stderr.write(`Error: listen tcp 0.0.0.0:${port}: bind: address already in use\n`)
    process.exit(1)
  })
  return server.listen(port, '0.0.0.0')
}
