import { WebSocketServer } from 'ws'
import type { StartService } from '../component.ts'
import { serveHttp } from '../http.ts'
import { lokiApp } from './api/app.ts'
import { VERSION } from './api/version.ts'
import { parseLokiConfig } from './config.ts'
import { createIngest } from './ingest/ingest.ts'
import { createLabelNamer } from './ingest/label-name.ts'
import { createLogql } from './logql/create-logql.ts'
import type { StoreLog } from './store/load.ts'
import { LogStore } from './store.ts'

/** Chunks and journal together; the oldest chunks go when it is more. */
const MAX_DISK_BYTES = 1024 * 1024 * 1024
const MAINTENANCE_MS = 30_000
/** Clients of /tail send nothing but pings. */
const MAX_FRAME_BYTES = 4096

/**
 * Loki in small: takes OTLP and Loki's own push, keeps it, answers LogQL on 3100. Reads loki.yaml as Loki 3 does.
 * Throws LabError `config-invalid`, `port-taken`, `disk-full` or `disk-failed`.
 */
export const startLoki: StartService = async (context) => {
  const { network, name } = context
  const log: StoreLog = (level, msg, fields = {}) => {
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${quoteIfNeeded(String(value))}`)
    context.log(
      `level=${level} ts=${new Date().toISOString()} caller=otel-lab msg=${JSON.stringify(msg)}${rest.join('')}`,
    )
  }
  const config = parseLokiConfig(context.configText, context.configPath)
  const startedAt = Date.now()
  log('info', 'Starting Loki', { version: `${VERSION} (embedded in otel-lab)` })
  for (const warning of config.warnings) log('warn', warning)
  const store = await LogStore.open({
    dir: context.dataDir,
    log,
    retentionMs: config.retentionMs,
    maxDiskBytes: MAX_DISK_BYTES,
    maxHeadAgeMs: config.maxChunkAgeMs,
    now: Date.now,
  })
  log('info', 'chunks read and journal replayed', { ...store.stats, ms: Date.now() - startedAt })

  const labelName = createLabelNamer()
  const { limits, maxBodyBytes, maxInflatedBytes, maxChunkAgeMs } = config
  const ingest = createIngest(store, labelName, { limits, maxChunkAgeMs, now: Date.now })
  let running = true
  const openedAt = Date.now()
  const ready = () => {
    if (!running) return { ready: false, why: 'Application is stopping' }
    const left = config.minReadyMs - (Date.now() - openedAt)
    return { ready: left <= 0, why: `waiting for ${config.minReadyMs / 1000}s after being ready` }
  }
  const app = lokiApp(
    {
      store,
      logql: createLogql(() => BigInt(Date.now()) * 1_000_000n),
      limits,
      counts: ingest.counts,
      configText: context.configText,
      ready,
      now: Date.now,
      log,
    },
    { ingest, name: labelName, limits, maxBodyBytes, maxInflatedBytes, inflate: network.inflate, now: Date.now },
  )
  const websocket = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
  const port = network.bindPort(name, config.httpPort)
  const server = await serveHttp(app, { port, websocket, doors: network }).catch(async (error) => {
    await store.close()
    throw error
  })
  network.register(name, config.httpPort, server.port)
  const maintenance = setInterval(() => {
    store.maintain().catch((error: Error) => log('error', 'retention failed', { err: error.message }))
  }, MAINTENANCE_MS)
  log('info', 'Loki started', { http_port: server.port, startup_ms: Date.now() - startedAt })

  return {
    ready: () => ready().ready,
    ports: () => ({ http: server.port }),
    async stop() {
      running = false
      clearInterval(maintenance)
      network.unregister(name, config.httpPort)
      for (const client of websocket.clients) client.close(1001, 'Loki is stopping')
      await server.close()
      for (const client of websocket.clients) client.terminate()
      await store.close()
      log('info', 'Loki stopped')
    },
  }
}

const quoteIfNeeded = (text: string) => (/^[^\s="]+$/.test(text) ? text : JSON.stringify(text))
