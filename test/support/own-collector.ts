import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { startCollector } from '../../src/embedded/collector/collector.ts'
import { createTap } from '../../src/embedded/collector/tap.ts'
import { createNetwork } from '../../src/embedded/network.ts'
import { decodeRequest, encodeRequest } from '../../src/otlp/protobuf.ts'
import type { Signal } from '../../src/otlp/types.ts'

/** The embedded collector, alone in this process, on the ports that its config names; a folder that is given stays. */
export async function startOurs(configText: string, folder?: string) {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'agents-')))
  const lines: string[] = []
  const context = {
    name: 'otel-collector',
    network: createNetwork({ portOffset: 0 }),
    dataDir,
    configText,
    configPath: 'collector.yaml',
    env: {},
    log: (text: string) => void lines.push(text),
  }
  const service = await startCollector(context, createTap())
  return {
    log: () => lines.join('\n'),
    async stop() {
      await service.stop()
      if (folder === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Takes what comes by OTLP/HTTP. Protobuf leaves the order of fields free: each request is written anew, in ours. */
export async function capture(port = 0) {
  const got = new Set<string>()
  const server = createServer(async (request, answer) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const signal = request.url!.split('/').at(-1) as Signal
    got.add(
      `${signal} ${textOf(encodeRequest(signal, decodeRequest(signal, inflated(request.headers['content-encoding'], Buffer.concat(parts)))))}`,
    )
    answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    got,
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((done) => server.close(done)),
  }
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

const inflated = (encoding: string | undefined, bytes: Buffer) => (encoding === 'gzip' ? gunzipSync(bytes) : bytes)
