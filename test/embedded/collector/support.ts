import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCollector } from '../../../src/embedded/collector/collector.ts'
import type { TapNotes } from '../../../src/embedded/collector/tap/notes.ts'
import type { RunningService } from '../../../src/embedded/component.ts'
import { createNetwork, type Network } from '../../../src/embedded/network.ts'
import { createOtlpGrpcClient, type ExportResult, serveOtlpGrpc } from '../../../src/embedded/otlp-grpc.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { Signal, SignalData } from '../../../src/otlp/types.ts'

export interface Bench {
  network: Network
  log: string[]
  dir: string
  start(configText: string, tap?: TapNotes): Promise<RunningService>
  send(signal: Signal, json: unknown): Promise<ExportResult>
  /** A backend on port 4317 of a host, `tempo` unless another is named, that keeps what it gets. */
  backend(
    answer?: () => ExportResult,
    name?: string,
  ): Promise<{ got: { signal: Signal; data: SignalData[Signal] }[]; close(): Promise<void> }>
  /** Ends all that was opened, last first. */
  end(): Promise<void>
}

/** A collector on free ports, with a folder of its own. */
export async function bench(): Promise<Bench> {
  const network: Network = { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
  const log: string[] = []
  const dir = await mkdtemp(join(tmpdir(), 'collector-'))
  const ends: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })]
  return {
    network,
    log,
    dir,
    async start(configText, tap) {
      const context = {
        name: 'otel-collector',
        network,
        dataDir: dir,
        configText,
        configPath: 'collector.yaml',
        env: {},
        log: (text: string) => log.push(text),
      }
      const service = await startCollector(context, tap)
      let stopped = false
      const stop = async () => {
        if (!stopped) await service.stop()
        stopped = true
      }
      ends.push(stop)
      return { ...service, stop }
    },
    async send(signal, json) {
      const { host, port } = network.resolve('app', 'otel-collector', 4317)!
      const client = createOtlpGrpcClient(host, port, { inflate: network.inflate })
      try {
        return await client.export(signal, encodeRequest(signal, requestFromJson(signal, json)))
      } finally {
        client.close()
      }
    },
    async backend(answer = () => ({}), name = 'tempo') {
      const got: { signal: Signal; data: SignalData[Signal] }[] = []
      const server = await serveOtlpGrpc({
        port: 0,
        inflate: network.inflate,
        onExport: async (signal, bytes) => {
          const result = answer()
          got.push({ signal, data: decodeRequest(signal, bytes) })
          return result
        },
      })
      network.register(name, 4317, server.port)
      let closed = false
      const close = async () => {
        if (closed) return
        closed = true
        network.unregister(name, 4317)
        await server.close()
      }
      ends.push(close)
      return { got, close }
    },
    async end() {
      for (const end of ends.splice(0).reverse()) await end()
    },
  }
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${ms} ms: ${condition}`)
    await sleep(10)
  }
}

export function spans(...names: string[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'app' } }] },
        scopeSpans: [
          {
            scope: { name: 'scope', version: '1.0' },
            spans: names.map((name, i) => ({
              traceId: '5b8efff798038103d269b633813fc60c',
              spanId: `eee19b7ec3c1${(0xb170 + i).toString(16)}`,
              name,
              kind: 2,
              startTimeUnixNano: '1544712660000000000',
              endTimeUnixNano: '1544712661000000000',
              attributes: [{ key: 'http.status', value: { intValue: '200' } }],
            })),
          },
        ],
      },
    ],
  }
}

export function counter(name: string, value: number, extra: Record<string, unknown> = {}) {
  return {
    resourceMetrics: [
      {
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: 'app' } },
            { key: 'service.instance.id', value: { stringValue: 'i1' } },
            { key: 'host.name', value: { stringValue: 'box' } },
          ],
        },
        scopeMetrics: [
          {
            scope: { name: 'scope' },
            metrics: [
              {
                name,
                description: 'what it counts',
                sum: {
                  aggregationTemporality: 2,
                  isMonotonic: true,
                  dataPoints: [
                    {
                      attributes: [{ key: 'path', value: { stringValue: '/a' } }],
                      timeUnixNano: '1544712661000000000',
                      asInt: String(value),
                      ...extra,
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  }
}
