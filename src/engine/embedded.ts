import { rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, type EngineStatus, type Passage, SERVICES, type ServiceName, type UpEvent } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import { makeDir } from '../util/atomic-write.ts'
import { CONFIG_FILES, labLayout } from '../util/lab-layout.ts'
import { distFile } from '../util/package-root.ts'
import { describeOwner, labOf, portOwner } from '../util/port-owner.ts'
import { isAlive } from '../util/process-alive.ts'
import type { Workspace } from '../workspace.ts'
import {
  askStatus,
  call,
  type Problem,
  type ProcessStatus,
  type RunFile,
  readRunFile,
  type SeatStatus,
} from './embedded/control.ts'
import { endpointsOf } from './embedded/endpoints.ts'
import { launch } from './embedded/launch.ts'
import { readLogs } from './embedded/logs.ts'
import { waitUntilReady } from './embedded/readiness.ts'
import { replayInProcess } from './embedded/replay.ts'

const SEATS = Object.keys(CONFIG_FILES) as ServiceName[]

/** The stack as one background Node process of this lab folder. */
export function createEmbeddedEngine(workspace: Workspace, options: { portOffset?: number } = {}): Engine {
  const layout = labLayout(workspace.root)

  async function live(): Promise<{ run: RunFile; status: ProcessStatus } | undefined> {
    const run = await readRunFile(layout.runFile)
    const status = await askStatus(run)
    return run && status ? { run, status } : undefined
  }

  async function wanted(): Promise<{ run: RunFile; status: ProcessStatus }> {
    const found = await live()
    if (found) return found
    throw new LabError('lab-down', `the lab in ${workspace.root} is not running`, { hint: 'otel-lab up' })
  }

  /** Ends the process, by force if it must be. */
  async function halt(run: RunFile): Promise<void> {
    await call(run, 'POST', '/stop', 2_000).catch(() => {})
    const deadline = Date.now() + 12_000
    while (isAlive(run.pid) && Date.now() < deadline) await sleep(15)
    if (isAlive(run.pid)) process.kill(run.pid, 'SIGKILL')
    await rm(layout.runFile, { force: true })
  }

  async function up({ onEvent, signal, replaces }: Parameters<Engine['up']>[0]): Promise<void> {
    const began = performance.now()
    const tell = (event: Omit<UpEvent, 'elapsedMs'>) =>
      onEvent?.({ ...event, elapsedMs: Math.round(performance.now() - began) })
    const portOffset = options.portOffset ?? (await workspace.state()).portOffset ?? 0
    await workspace.exclusively(
      async () => {
        await replaces?.stop()
        const seats = await start(portOffset, tell, signal)
        const failed = seats.filter(({ problem }) => problem)
        for (const { name, problem } of failed) tell({ service: name, state: 'failed', detail: problem!.message })
        const alive = seats.filter(({ problem }) => !problem)
        const all = endpointsOf(seats, portOffset)
        const asked = Object.fromEntries(
          Object.entries(all).filter(([key]) =>
            alive.some(({ name }) => key === name || (name === 'otel-collector' && key.startsWith('collector'))),
          ),
        )
        await waitUntilReady(asked, {
          onReady: (service) => tell({ service, state: 'ready' }),
          ...(signal ? { signal } : {}),
        })
        await workspace.setState({ engine: 'embedded', portOffset })
        if (failed.length > 0) throw serviceFailed(failed)
      },
      signal ? { signal } : {},
    )
  }

  /** What it takes to have the process there with today's configs: nothing, some restarts, or a launch. */
  async function start(
    portOffset: number,
    tell: (event: Omit<UpEvent, 'elapsedMs'>) => void,
    signal: AbortSignal | undefined,
  ): Promise<SeatStatus[]> {
    const found = await live().catch((error) => {
      if (error instanceof LabError && error.code === 'lab-hung') return undefined
      throw error
    })
    const build = (await stat(distFile('embedded'))).mtimeMs
    if (found && found.status.portOffset === portOffset && found.run.build === build) {
      const { restarted } = (await call(found.run, 'POST', '/apply')) as {
        restarted: { name: string; problem?: Problem }[]
      }
      const { services } = (await askStatus(found.run)) ?? found.status
      // A service that runs on with its old config after a refused one is still to be told.
      return services.map((seat) => {
        const problem = seat.problem ?? restarted.find(({ name }) => name === seat.name)?.problem
        return problem ? { ...seat, problem } : seat
      })
    }
    const stale = await readRunFile(layout.runFile)
    if (found ?? (stale && isAlive(stale.pid) && (await isOurProcess(stale)))) await halt(found?.run ?? stale!)
    await rm(layout.runFile, { force: true })
    const { run, seats } = await launch({
      root: workspace.root,
      layout,
      portOffset,
      onSeat: ({ name, state }) => {
        if (state === 'starting') tell({ service: name, state: 'starting' })
      },
      ...(signal ? { signal } : {}),
    })
    const blocked = seats.filter(({ problem }) => problem?.code === 'port-taken')
    if (blocked.length > 0) {
      await halt(run)
      throw await portTaken(blocked)
    }
    return seats
  }

  async function commandSeat(what: 'restart' | 'halt', service: ServiceName): Promise<void> {
    if (!SEATS.includes(service)) {
      throw new LabError('no-such-service', `the embedded engine has no ${service}`, {
        hint: `Its services: ${SEATS.join(', ')}`,
        exit: EXIT.usage,
      })
    }
    await workspace.exclusively(async () => {
      const { run } = await wanted()
      await call(run, 'POST', `/${what}/${service}`)
    })
  }

  async function status(): Promise<EngineStatus> {
    const found = await live()
    const services = SEATS.map((name) => {
      const seat = found?.status.services.find((one) => one.name === name)
      return {
        name,
        state: seat?.state ?? ('stopped' as const),
        ports: seat?.ports ?? {},
        ...(seat?.startedAt ? { startedAt: new Date(seat.startedAt) } : {}),
        ...(found ? { detail: `process ${found.status.pid}` } : {}),
        ...(seat?.damaged.length ? { damaged: seat.damaged } : {}),
        ...(seat?.problem ? { problem: [seat.problem.message, seat.problem.hint].filter(Boolean).join('\n') } : {}),
      }
    })
    return {
      kind: 'embedded',
      running: found !== undefined,
      services,
      ...(found ? { startedAt: new Date(found.status.startedAt) } : {}),
    }
  }

  return {
    kind: 'embedded',
    can: { lifecycle: true, logs: true, configure: true },
    up,
    status,
    down: ({ volumes, onRemoved }) =>
      workspace.exclusively(
        async () => {
          const run = await readRunFile(layout.runFile)
          if (run && isAlive(run.pid) && (await isOurProcess(run))) await halt(run)
          await rm(layout.runFile, { force: true })
          if (!volumes) return
          await rm(layout.store, { recursive: true, force: true })
          onRemoved?.(`all in ${layout.store}`)
          await makeDir(layout.store)
        },
        { orWithout: true },
      ),
    async endpoints() {
      const { status: now } = await wanted()
      return endpointsOf(now.services, now.portOffset)
    },
    restart: (service) => commandSeat('restart', service),
    stop: (service) => commandSeat('halt', service),
    logs: (logOptions) => {
      const services = logOptions.services.length > 0 ? logOptions.services : SEATS
      return readLogs(layout.logs, { ...logOptions, services: services.filter((name) => SERVICES.includes(name)) })
    },
    async runningConfig(service) {
      if (!SEATS.includes(service)) return undefined
      const { run } = await wanted()
      return ((await call(run, 'GET', `/config/${service}`)) as { text?: string }).text
    },
    async saidSince(service, since) {
      const { run } = await wanted()
      return ((await call(run, 'GET', `/said/${service}?since=${since.getTime()}`)) as { text?: string }).text
    },
    tap: {
      async passages({ since, ...query }) {
        const { run } = await wanted()
        const params = new URLSearchParams()
        for (const [key, value] of Object.entries({ ...query, since: since?.getTime() })) {
          if (value !== undefined) params.set(key, String(value))
        }
        return ((await call(run, 'GET', `/tap?${params}`)) as { passages: Passage[] }).passages
      },
      async rememberedFrom() {
        const { run } = await wanted()
        return ((await call(run, 'GET', '/tap?limit=1')) as { from: number }).from
      },
      async payload(seq) {
        const { run } = await wanted()
        return ((await call(run, 'GET', `/tap/${seq}`)) as { payload?: { format: string; text: string } }).payload
      },
    },
    replay: replayInProcess,
    async validateCollectorConfig(text) {
      const { resolveConfig } = await import('../collector-config.ts')
      return resolveConfig(text, process.env).diagnostics
    },
  }
}

/** Whether the process of a run file is still the one that wrote it, and not another that got its id. */
async function isOurProcess(run: RunFile): Promise<boolean> {
  const status = await askStatus(run).catch((error) => (error instanceof LabError ? 'hung' : undefined))
  return status !== undefined
}

async function portTaken(seats: SeatStatus[]): Promise<LabError> {
  const taken = await Promise.all(
    seats.map(async ({ name, problem }) => {
      const port = problem?.facts?.port
      const owner = port === undefined ? undefined : await portOwner(port)
      const words = `${name} needs port ${port ?? '?'}, which is held by ${describeOwner(owner)}`
      return { words, port, lab: labOf(owner) }
    }),
  )
  const { port } = taken[0]!
  const holder = taken.find(({ lab }) => lab !== undefined)?.lab
  return new LabError('port-taken', taken.map(({ words }) => words).join('\n'), {
    hint: 'Move the whole lab out of the way: otel-lab up --port-offset 1000',
    facts: { ...(port === undefined ? {} : { port }), ...(holder === undefined ? {} : { holder }) },
  })
}

function serviceFailed(failed: SeatStatus[]): LabError {
  const lines = failed.map(({ name, problem }) => `${name}: ${problem!.message}`)
  const hints = failed.flatMap(({ name, problem }) => [problem!.hint ?? `otel-lab logs ${name} --tail 20`])
  return new LabError('service-failed', lines.join('\n'), {
    hint: [...new Set(hints), 'Then: otel-lab up'].join('\n'),
    exit: failed.every(({ problem }) => problem!.code.startsWith('config')) ? EXIT.failed : EXIT.broken,
  })
}
