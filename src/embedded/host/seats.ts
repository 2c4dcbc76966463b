import { mkdir } from 'node:fs/promises'
import { type ErrorFacts, LabError } from '../../errors.ts'
import { readConfigText } from '../../util/read-text.ts'
import type { RunningService, ServiceContext, StartService } from '../component.ts'
import type { Network } from '../network.ts'
import { listAside } from '../set-aside.ts'

export type SeatState = 'starting' | 'ready' | 'unhealthy' | 'stopped'

export interface Problem {
  code: string
  message: string
  hint?: string
  facts?: ErrorFacts
}

export interface SeatStatus {
  name: string
  state: SeatState
  ports: Record<string, number>
  /** When the running service was started. */
  startedAt?: Date
  problem?: Problem
  /** The config file is not what the service runs with. */
  changed: boolean
  /** Files with damaged data that the service could not read and set aside; there until somebody takes them away. */
  damaged: string[]
}

export interface SeatOptions {
  name: string
  start: StartService
  /** Refuses a config before the running service is touched. Throws LabError. */
  check?: (text: string, path: string) => Promise<void> | void
  network: Network
  dataDir: string
  configPath: string
  env: Record<string, string | undefined>
  log: (text: string) => void
  onChange?: (status: SeatStatus) => void
}

/** One service and all that keeps it: a failure of one seat is told in its status and touches no other seat. */
export interface Seat {
  readonly name: string
  /** Never rejects; see the status. */
  start(): Promise<void>
  /** Throws LabError `config-refused` when the new config does not run; the old one runs again then. */
  restart(): Promise<void>
  stop(): Promise<void>
  status(): Promise<SeatStatus>
  /** The config that the running service was started with. */
  runningConfig(): string | undefined
}

export function createSeat(options: SeatOptions): Seat {
  const { name, start, check, network, dataDir, configPath, env, log, onChange } = options
  let running: RunningService | undefined
  /** What the running service was started with. */
  let text: string | undefined
  let startedAt: Date | undefined
  let state: SeatState = 'stopped'
  let problem: Problem | undefined
  let chain: Promise<unknown> = Promise.resolve()

  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const result = chain.then(work)
    chain = result.catch(() => {})
    return result
  }

  async function become(next: SeatState, why?: Problem): Promise<void> {
    state = next
    problem = why
    onChange?.(await status())
  }

  async function launch(configText: string): Promise<void> {
    await mkdir(dataDir, { recursive: true })
    const context: ServiceContext = { name, network, dataDir, configText, configPath, env, log }
    running = await start(context)
    text = configText
    startedAt = new Date()
  }

  async function halt(): Promise<void> {
    const old = running
    running = undefined
    await old?.stop()
  }

  async function readText(): Promise<string> {
    return readConfigText(configPath).catch((error: NodeJS.ErrnoException) => {
      const why = error.code?.startsWith('E') ? error.code : error.message
      throw new LabError('config-missing', `cannot read ${configPath}: ${why}`, {
        hint: `${error.code === 'ENOENT' ? 'Put' : 'Take it away, then put'} the shipped one back with: otel-lab up`,
        cause: error,
      })
    })
  }

  async function status(): Promise<SeatStatus> {
    const onDisk = await readConfigText(configPath).catch(() => undefined)
    const seen = state === 'ready' && running?.ready() === false ? 'unhealthy' : state
    return {
      name,
      state: seen,
      ports: running?.ports() ?? {},
      ...(running && startedAt ? { startedAt } : {}),
      changed: onDisk !== text,
      damaged: await listAside(dataDir),
      ...(problem ? { problem } : {}),
    }
  }

  return {
    name,
    status,
    runningConfig: () => (running === undefined ? undefined : text),
    start: () =>
      oneAtATime(async () => {
        await become('starting')
        try {
          // Not checked first: there is no old one to keep, and what is wrong the start says as well.
          await launch(await readText())
          await become('ready')
        } catch (error) {
          log(`${name} did not start: ${(error as Error).message}`)
          await become('stopped', problemOf(error))
        }
      }),
    restart: () =>
      oneAtATime(async () => {
        const next = await readText()
        await check?.(next, configPath)
        const old = running === undefined ? undefined : text
        await halt()
        await become('starting')
        try {
          await launch(next)
          await become('ready')
        } catch (error) {
          log(`${name} did not start with the new config: ${(error as Error).message}`)
          if (old === undefined) {
            await become('stopped', problemOf(error))
            throw error
          }
          await launch(old).then(
            () => become('ready'),
            (again) => become('stopped', problemOf(again)),
          )
          throw refusal(error, name, problem === undefined)
        }
      }),
    stop: () =>
      oneAtATime(async () => {
        await halt()
        await become('stopped')
      }),
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof LabError) {
    // The collector says that its config is refused, but a taken port is mended elsewhere.
    if (error.cause instanceof LabError && error.cause.code === 'port-taken')
      return { ...problemOf(error.cause), message: error.message }
    const { code, message, hint, facts } = error
    return { code, message, facts, ...(hint ? { hint } : {}) }
  }
  return { code: 'bug', message: (error as Error).stack ?? String(error) }
}

function refusal(error: unknown, name: string, oldRuns: boolean): LabError {
  const why = problemOf(error)
  const now = oldRuns ? `${name} runs on with its old config.` : `${name} is down.`
  return new LabError('config-refused', `${why.message}\n${now}`, {
    ...(why.hint ? { hint: why.hint } : {}),
    exit: 1,
    cause: error,
  })
}
