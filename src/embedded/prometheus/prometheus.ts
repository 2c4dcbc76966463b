import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartService } from '../component.ts'
import { serveHttp } from '../http.ts'
import { prometheusApp } from './api/app.ts'
import { createQueryEngine } from './api/query-engine.ts'
import { VERSION } from './api/status.ts'
import { parsePrometheusConfig } from './config.ts'
import { logLine } from './log.ts'
import { createFetcher } from './scrape/fetch.ts'
import { ScrapeManager } from './scrape/manager.ts'
import { openStore } from './store.ts'

const PORT = 9090
const MAINTENANCE_MS = 60_000
/** At one and a half KB a series: a label explosion is refused before it fills the machine. */
const SERIES_LIMIT = 200_000

/**
 * Prometheus in small: scrapes what prometheus.yml names, keeps it, answers on 9090.
 * Throws LabError `config-invalid`, `port-taken`, `disk-full` or `disk-failed`.
 */
export const startPrometheus: StartService = async (context) => {
  const { network, name } = context
  const log: Parameters<typeof openStore>[0]['log'] = (level, message, fields) =>
    context.log(logLine(new Date(), level, message, fields))
  const startedAt = Date.now()
  let config = parsePrometheusConfig(context.configText, context.configPath)
  let lastReload = { time: startedAt, ok: true }
  const warn = () => {
    for (const warning of config.warnings) log('warn', warning, { file: context.configPath })
  }

  log('info', 'Starting the embedded Prometheus', { follows: VERSION })
  warn()
  const store = await openStore({ ...config, dir: join(context.dataDir, 'journal'), seriesLimit: SERIES_LIMIT, log })
  log('info', 'Journal replayed', { series: store.head.size, bytes: store.bytes, ms: Date.now() - startedAt })
  const fetcher = createFetcher(network)
  const scrapes = new ScrapeManager(store, fetcher, log)

  async function reload(text: string): Promise<void> {
    try {
      config = parsePrometheusConfig(text, context.configPath)
    } catch (error) {
      lastReload = { time: Date.now(), ok: false }
      log('error', 'Error reloading config', { err: (error as Error).message })
      throw error
    }
    lastReload = { time: Date.now(), ok: true }
    store.configure(config)
    warn()
    await scrapes.apply(config.scrapeConfigs)
    log('info', 'Completed loading of configuration file', { filename: context.configPath })
  }

  const app = prometheusApp({
    store,
    scrapes,
    engine: createQueryEngine(store, () => Date.now()),
    running: { config: () => config, startedAt, reload: () => lastReload, version: VERSION },
    reload: async () => reload(await readFile(context.configPath, 'utf8')),
    now: () => Date.now(),
  })
  const server = await serveHttp(app, { port: network.bindPort(name, PORT), doors: network }).catch(async (error) => {
    await store.close()
    throw error
  })
  network.register(name, PORT, server.port)
  let ready = true
  await scrapes.apply(config.scrapeConfigs)
  const maintenance = setInterval(() => {
    store.maintain(Date.now()).catch((error: Error) => log('error', 'Retention failed', { err: error.message }))
  }, MAINTENANCE_MS)
  log('info', 'Server is ready to receive web requests.', { port: server.port })

  return {
    ready: () => ready,
    ports: () => ({ http: server.port }),
    reload,
    async stop() {
      ready = false
      clearInterval(maintenance)
      network.unregister(name, PORT)
      await server.close()
      await scrapes.stop()
      fetcher.close()
      await store.close()
      log('info', 'See you next time!', {})
    },
  }
}
