import { join } from 'node:path'
import type { RunningService, StartService } from '../component.ts'
import { createGrpcServer } from '../grpc/server.ts'
import { GRPC_STATUS, GrpcRefusal } from '../grpc/status.ts'
import { serveHttp } from '../http.ts'
import { openJournal } from '../journal.ts'
import { serveOtlpGrpc } from '../otlp-grpc.ts'
import { tempoApp } from './api/app.ts'
import { streamingMethods } from './api/streaming.ts'
import { parseTempoConfig } from './config.ts'
import { startGenerator } from './generator/generator.ts'
import { createIngest, decodeTraces, onlyTraces } from './ingest.ts'
import { startMaintenance } from './maintenance.ts'
import { otlpHttpApp } from './otlp-http.ts'
import { BlockStore } from './store/blocks.ts'
import { TraceStore } from './store/store.ts'
import { createParser } from './traceql/parse.ts'

/**
 * Tempo in small: takes OTLP, keeps it, answers on 3200. Reads tempo.yaml as Tempo 3.0 does.
 * Throws LabError `config-invalid`, `port-taken`, `disk-full` or `disk-failed`.
 */
export const startTempo: StartService = async (context) => {
  const { network, name } = context
  const log = (level: string, msg: string, fields: Record<string, unknown> = {}) => {
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
    context.log(`level=${level} ts=${new Date().toISOString()} msg=${JSON.stringify(msg)}${rest.join('')}`)
  }
  const config = parseTempoConfig(context.configText, context.configPath)
  log('info', 'Starting the embedded Tempo', { live_store: `idle ${config.store.maxTraceIdle} ms` })
  const started = Date.now()
  const blocks = await BlockStore.open(join(context.dataDir, 'blocks'), log)
  const store = new TraceStore(config.store, blocks)
  const journal = await openJournal(join(context.dataDir, 'journal'), {
    onRecord: (record, segment) => {
      try {
        store.append(decodeTraces(record).data, segment, started)
      } catch (error) {
        log('error', 'skipped a record of the journal', { err: (error as Error).message })
      }
    },
    onTruncated: (detail) => log('warn', 'cut an unfinished write off the journal', { ...detail }),
    onDamaged: (detail) => log('error', 'part of the journal is damaged; went on behind it', { ...detail }),
  })
  // What was there before the start counts as cut.
  await store.cut(started, true)
  log('info', 'blocks read and journal replayed', { ...store.stats, ms: Date.now() - started })

  const maintenance = startMaintenance(store, journal, config.flushCheckPeriod, log)
  const generator = config.generator && startGenerator(config.generator, name, network, log)
  const ingest = createIngest(store, journal, Date.now, maintenance.run, generator?.observe)
  const closers: (() => Promise<unknown>)[] = [() => journal.close(), maintenance.stop]
  if (generator) closers.push(generator.stop)
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const ports: Record<string, number> = {}
  let running = false
  try {
    const listen = async (
      purpose: string,
      port: number,
      open: (at: number) => Promise<{ port: number; close(): Promise<void> }>,
    ) => {
      const server = await open(network.bindPort(name, port))
      network.register(name, port, server.port)
      ports[purpose] = server.port
      closers.push(async () => {
        network.unregister(name, port)
        await server.close()
      })
      log('info', 'listening', { for: purpose, port: server.port })
    }
    const { grpcPort, otlpHttpPort, maxMessageBytes } = config
    if (grpcPort !== undefined) {
      await listen('otlp-grpc', grpcPort, (port) =>
        serveOtlpGrpc({
          port,
          maxMessageBytes,
          inflate: network.inflate,
          onExport: (signal, bytes) => {
            onlyTraces(signal)
            return ingest(bytes)
          },
        }),
      )
    }
    if (otlpHttpPort !== undefined) {
      await listen('otlp-http', otlpHttpPort, (port) =>
        serveHttp(otlpHttpApp(ingest, maxMessageBytes, network.inflate), { port, doors: network }),
      )
    }
    const app = tempoApp({
      source: store,
      find: (id) => store.find(id),
      parse: createParser(),
      settings: config.query,
      ready: () => running,
      configText: context.configText,
      now: Date.now,
      stats: () => ({ ...store.stats, spansReceived: ingest.spans() }),
    })
    const grpc = config.streamOverHttp && {
      grpc: createGrpcServer({
        maxMessageBytes: 4 * 1024 * 1024,
        methods: streamingMethods(app),
        inflate: network.inflate,
        asRefusal: (error) => new GrpcRefusal(GRPC_STATUS.INTERNAL, (error as Error).message),
      }),
    }
    await listen('http', config.httpPort, (port) => serveHttp(app, { port, doors: network, ...grpc }))
  } catch (error) {
    await close()
    throw error
  }
  closers.push(async () => {
    running = false
  })
  running = true
  log('info', 'Tempo started')
  const service: RunningService = { ready: () => running, ports: () => ports, stop: close }
  return service
}
