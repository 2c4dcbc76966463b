import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { checkCollector, startCollector } from './embedded/collector/collector.ts'
import { createTap } from './embedded/collector/tap.ts'
import type { StartService } from './embedded/component.ts'
import { controlApp } from './embedded/host/control.ts'
import { guardProcess } from './embedded/host/guard.ts'
import { openLogFile } from './embedded/host/log-file.ts'
import { keepPage } from './embedded/host/page.ts'
import { keepSaid } from './embedded/host/said.ts'
import { createSeat } from './embedded/host/seats.ts'
import { serveHttp } from './embedded/http.ts'
import { startLoki } from './embedded/loki/loki.ts'
import { createNetwork } from './embedded/network.ts'
import { startPrometheus } from './embedded/prometheus/prometheus.ts'
import { startTempo } from './embedded/tempo/tempo.ts'
import { writeFileAtomic } from './util/atomic-write.ts'
import { namedHosts } from './util/door.ts'
import { CONFIG_FILES, type EmbeddedService, labLayout } from './util/lab-layout.ts'

/** How long `stop` waits for the services to put their data to bed. */
const STOP_MS = 10_000

const PAGE_AFTER_MS = 250

/**
 * V8 lets a heap grow to several times what is alive in it before it clears up. Measured with 400,000 spans: at most
 * 1.7 times takes 356 MB instead of 452, and no more of the processor. A V8 that knows no such flag goes on without.
 */
const HEAP_FLAG = '--heap-growing-percent=70'

/**
 * The embedded stack in a process of its own: `node dist/embedded.js LAB_FOLDER PORT_OFFSET`.
 * Says how it gets on over the IPC channel while there is one, and afterwards over the control server
 * whose address and token are in the lab's run file.
 */
async function main(root: string, portOffset: number): Promise<void> {
  setFlagsFromString(HEAP_FLAG)
  const layout = labLayout(root)
  await mkdir(layout.logs, { recursive: true })
  const labLog = openLogFile(join(layout.logs, 'lab.log'))
  const log = (text: string) => labLog.write(`${new Date().toISOString()} ${text}`)
  const startedAt = new Date()
  const network = createNetwork({ portOffset, hosts: namedHosts(process.env) })
  const tell = (message: unknown) => {
    if (process.connected) process.send!(message, () => {})
  }

  const tap = createTap()
  const services: Record<EmbeddedService, StartService> = {
    'otel-collector': (context) => startCollector(context, tap),
    tempo: startTempo,
    prometheus: startPrometheus,
    loki: startLoki,
  }
  const files = new Map(Object.keys(services).map((name) => [name, openLogFile(join(layout.logs, `${name}.log`))]))
  const said = new Map(Object.keys(services).map((name) => [name, keepSaid()]))
  const seats = Object.entries(services).map(([name, start]) =>
    createSeat({
      name,
      start,
      ...(name === 'otel-collector'
        ? { check: (text: string, path: string) => checkCollector(text, path, process.env) }
        : {}),
      network,
      dataDir: join(layout.store, name),
      configPath: join(layout.configs, CONFIG_FILES[name as EmbeddedService]),
      env: process.env,
      log: (text) => {
        files.get(name)!.write(text)
        said.get(name)!.add(text)
      },
      onChange: (seat) => tell({ seat }),
    }),
  )

  const guard = guardProcess({ log })
  const token = randomBytes(24).toString('base64url')
  const facts = () => ({
    pid: process.pid,
    startedAt,
    portOffset,
    memoryBytes: process.memoryUsage.rss(),
    unexpected: guard.unexpected(),
  })
  const control = await serveHttp(controlApp({ token, seats, tap, said, facts, stop: () => void stop('asked to') }), {
    port: 0,
    doors: { hosts: [] },
  })
  // `up` after an upgrade sees by it that another build runs.
  const build = (await stat(process.argv[1]!)).mtimeMs
  const run = { pid: process.pid, port: control.port, token, portOffset, startedAt, build }
  await writeFileAtomic(layout.runFile, `${JSON.stringify(run)}\n`, { mode: 0o600 })
  log(`started, process ${process.pid}, port offset ${portOffset}`)

  let page: { stop(): void } | undefined
  let stopping: Promise<void> | undefined
  const stop = (why: string): Promise<void> => {
    stopping ??= (async () => {
      log(`stopping: ${why}`)
      page?.stop()
      const late = setTimeout(() => end(4, 'the services took too long'), STOP_MS)
      // The collector first: it still has a place to send what it holds.
      for (const seat of seats.filter(({ name }) => name === 'otel-collector')) await seat.stop().catch(logError)
      await Promise.all(seats.map((seat) => seat.stop().catch(logError)))
      clearTimeout(late)
      await end(0, 'stopped')
    })()
    return stopping
  }
  const logError = (error: Error) => log(error.stack ?? error.message)
  const isOurs = async () => JSON.parse(await readFile(layout.runFile, 'utf8')).token === token

  async function end(code: number, why: string): Promise<void> {
    log(why)
    if (await isOurs().catch(() => false)) await rm(layout.runFile, { force: true })
    await Promise.all([...files.values(), labLog].map((file) => file.close()))
    process.exit(code)
  }

  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  guard.watch(isOurs, () => void stop('the lab folder is gone, or another process serves it'))
  tell({ control: run })
  await Promise.all(seats.map((seat) => seat.start()))
  tell({ started: true })
  // `up` looks at the doors and tells of the lab first: a page that starts beside it makes both slow.
  setTimeout(() => {
    if (stopping === undefined) page = keepPage(root, log)
  }, PAGE_AFTER_MS)
}

const [root, offset = '0'] = process.argv.slice(2)
if (root === undefined) throw new Error('usage: embedded.js LAB_FOLDER [PORT_OFFSET]')
await main(root, Number(offset))
