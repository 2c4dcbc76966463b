import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { FaultRecord } from './record.ts'

/** How often it looks whether anybody still wants it. */
const LOOK_MS = 500

/**
 * `node dist/fault-relay.js RECORD ID PORT silent|reset|delay MS`: a line to a port of this machine that is bad.
 * Prints its own port. Ends when the record does not name it any more, so that nothing outlives its fault.
 */
async function main([record, id, port, does, ms]: string[]): Promise<void> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy())
    if (does === 'reset') client.resetAndDestroy()
    else if (does === 'silent') client.resume()
    else join(client, connect(Number(port), '127.0.0.1'), Number(ms))
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(String((server.address() as AddressInfo).port)))
  setInterval(async () => {
    const text = await readFile(record!, 'utf8').catch(() => '{}')
    if ((JSON.parse(text) as Partial<FaultRecord>).relay?.id !== id) process.exit(0)
  }, LOOK_MS)
}

/** Passes both ways what comes, each piece so much later. */
function join(client: Socket, upstream: Socket, ms: number): void {
  const late = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), ms))
    from.on('end', () => setTimeout(() => to.end(), ms))
    from.on('close', () => setTimeout(() => to.destroy(), ms))
    from.on('error', () => to.destroy())
  }
  late(client, upstream)
  late(upstream, client)
}

await main(process.argv.slice(2))
