import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { httpBackend } from '../../backends/http.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { MeasuredLab } from '../measurement.ts'
import { createMonitor, type DoorState } from '../monitor.ts'
import { openSession } from '../probe/session.ts'
import { preciseNow } from '../run.ts'
import { openMetricsPage, otlpMetrics } from './publish.ts'
import { type Breach, breachesOf, type Slo } from './slo.ts'

export interface WatchRun {
  everyMs: number
  deadlineMs: number
  /** Ends by itself after so long. */
  forMs: number | undefined
  slos: readonly Slo[]
  /** Goes on though an objective is broken. */
  keepGoing: boolean
  /** Of the page; 0 takes a free one. */
  port: number | undefined
  /** Sends its figures to the collector too. */
  otlp: boolean
  onView: (view: WatchView) => void
  onListen: (url: string) => void
}

export interface WatchView {
  doors: DoorState[]
  sent: number
  elapsedMs: number
  breaches: Breach[]
}

const GOLDEN = (Math.sqrt(5) - 1) / 2
const LOOK_MS = 250
const OTLP_MS = 10_000

/** Probes at a steady pace until it is ended, its time is up, or an objective is broken. Gives the last view. */
export async function watchLatency(lab: MeasuredLab, how: WatchRun): Promise<WatchView> {
  const startedAt = preciseNow()
  const monitor = createMonitor(startedAt)
  const session = lab.newRunId()
  const over = new AbortController()
  const signal = AbortSignal.any([lab.signal, over.signal])
  const server =
    how.port === undefined ? undefined : await servePage(how.port, () => openMetricsPage(monitor.published()))
  if (server) how.onListen(server.url)
  const probes = openSession({
    ...{ backends: lab.backends, collector: lab.endpoints.otlpHttp, session, signal, now: preciseNow },
    ...{ deadlineMs: how.deadlineMs, onEvent: monitor.take },
  })
  let broken: Breach[] = []
  const view = (): WatchView => {
    const now = preciseNow()
    // Each objective has its own limit for what is overdue.
    const breaches = how.slos.flatMap((slo) => breachesOf([slo], monitor.states(now, slo.limitMs)))
    return { doors: monitor.doors(now), sent: monitor.published().sent, elapsedMs: now - startedAt, breaches }
  }
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {})
  const ended = () => signal.aborted || (how.forMs !== undefined && preciseNow() - startedAt >= how.forMs)

  const sending = async () => {
    for (let i = 0; !ended(); i++) {
      // The pace is kept whatever a send takes; one that hangs does not hold up the next.
      void probes.send().catch(() => {})
      // Somewhere in the next part of the time, never in step with a clock of the stack.
      const next = startedAt + (i + 1 + ((i * GOLDEN) % 1)) * how.everyMs
      await pause(Math.max(0, next - preciseNow()))
    }
  }
  const looking = async () => {
    let after: number | undefined
    while (!ended()) {
      await pause(LOOK_MS)
      const passages = await lab.engine.tap
        ?.passages({ runId: session, ...(after === undefined ? {} : { after }) })
        .catch(() => [])
      after = passages?.at(-1)?.seq ?? after
      monitor.takePassages(passages ?? [], preciseNow())
      const now = view()
      how.onView(now)
      broken = now.breaches
      if (broken.length > 0 && !how.keepGoing) over.abort()
    }
  }
  const publishing = async () => {
    if (!how.otlp || lab.endpoints.otlpHttp === undefined) return
    const collector = httpBackend('The collector', lab.endpoints.otlpHttp)
    while (!ended()) {
      await pause(OTLP_MS)
      const body = JSON.stringify(otlpMetrics(monitor.published(), session, preciseNow()))
      const headers = { 'content-type': 'application/json' }
      // It says so itself when the collector is away: its probes do not come back.
      await collector.get('/v1/metrics', {}, { method: 'POST', headers, body }).catch(() => {})
    }
  }
  try {
    await Promise.all([sending(), looking(), publishing()])
  } finally {
    over.abort()
    await probes.close()
    server?.close()
  }
  const last = view()
  return broken.length > 0 ? { ...last, breaches: broken } : last
}

const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/** On this machine only, for Prometheus; a page of another site in a browser is let in no more than elsewhere. */
async function servePage(port: number, page: () => string): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((request, answer) => {
    if (!LOCAL.test(request.headers.host ?? '') || request.headers.origin !== undefined) {
      answer.writeHead(403).end('only for this machine\n')
    } else if (request.url !== '/metrics') answer.writeHead(404).end('see /metrics\n')
    else {
      answer.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
      answer.end(page())
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LabError(
          'port-taken',
          `the page of the watch cannot listen on port ${port}: ${error.code ?? error.message}`,
          {
            hint: 'otel-lab latency --watch --port 0, for any free one',
            exit: EXIT.failed,
          },
        ),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: actual } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${actual}/metrics`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
