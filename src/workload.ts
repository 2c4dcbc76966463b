import { connect } from 'node:net'
import { constants } from 'node:os'
import { EXIT, LabError } from './errors.ts'
import { ownsConnection } from './util/socket-owner.ts'
import { type OtlpDoors, workloadEnv } from './workload/environment.ts'
import { isOwnProgram } from './workload/preprocess.ts'
import { openRelay, type Relay } from './workload/relay.ts'
import { newRunId } from './workload/run-id.ts'

export { demoCommand } from './workload/demo.ts'
export { SHORT_DELAYS } from './workload/environment.ts'
export { programCommand, typedCommand } from './workload/program.ts'
export { newRunId } from './workload/run-id.ts'

export interface WorkloadOptions {
  /** Program and arguments; a program without a slash is looked up on PATH. */
  command: readonly string[]
  /** The engine's endpoints, of which the two OTLP doors are used. */
  endpoints: OtlpDoors
  cwd?: string
  /** A new one by default. */
  runId?: string
  env?: Record<string, string | undefined>
  /** Gets each line of stdout and stderr; without it both go to our own terminal. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** Ends the program as Ctrl-C would, by force 5 s later. */
  signal?: AbortSignal
  timeoutMs?: number
  /** Told the program's process id as soon as it runs. */
  onStart?: (pid: number) => void
  /** Lets our own program send through a relay too, so that it is known which connections were its. */
  traced?: boolean
}

export interface WorkloadResult {
  runId: string
  /** 128 + signal number when a signal ended it. */
  exitCode: number
  startedAt: Date
  endedAt: Date
  /** Lines of stdout, when `onLine` was given. */
  stdout: string[]
  /** Local ports of the connections over which its telemetry came by its relay; absent when it had none. */
  ports?: number[]
  /** It was told another endpoint for some of it, to which it goes without the relay. */
  elsewhere?: true
}

/**
 * Runs a program under observation to its end: our own or the learner's, in any language. Whether it went well is
 * its exit code. Throws LabError `command-not-found`, `not-executable`, `no-otlp` or `timeout`.
 */
export async function startWorkload(options: WorkloadOptions): Promise<WorkloadResult> {
  const { command, endpoints, onLine, signal, env = process.env } = options
  const [file, ...args] = command
  if (file === undefined) throw new Error('a workload needs a command')
  if (!endpoints.otlpGrpc && !endpoints.otlpHttp) {
    throw new LabError('no-otlp', 'the collector takes no OTLP: its config has no otlp receiver that listens', {
      hint: 'otel-lab config diff',
    })
  }
  const runId = options.runId ?? newRunId()
  const ownProgram = isOwnProgram(command)
  let pid: number | undefined
  const relay = ownProgram && !options.traced ? undefined : await relayTo(endpoints, env, () => pid)
  const { execa } = await import('execa')
  const startedAt = new Date()
  const tell = (stream: 'stdout' | 'stderr') =>
    onLine === undefined
      ? ('inherit' as const)
      : function* (line: unknown) {
          onLine(String(line), stream)
          yield line
        }
  try {
    const child = execa(file, args, {
      cwd: options.cwd ?? process.cwd(),
      env: workloadEnv({ env, doors: endpoints, runId, ownProgram, ...(relay ? { relay: relay.url } : {}) }),
      extendEnv: false,
      reject: false,
      lines: true,
      stdin: onLine ? 'ignore' : 'inherit',
      stdout: tell('stdout'),
      stderr: tell('stderr'),
      timeout: options.timeoutMs ?? 0,
      // It may flush its telemetry first.
      killSignal: 'SIGTERM',
      forceKillAfterDelay: FORCE_MS,
    })
    pid = child.pid
    if (pid !== undefined) options.onStart?.(pid)
    const unhook = passOn(signal, (name) => child.kill(name))
    const result = await child
    unhook()
    const endedAt = new Date()
    if (result.timedOut) {
      throw new LabError('timeout', `${file} ran longer than ${options.timeoutMs} ms`, { exit: EXIT.slow })
    }
    if (result.exitCode === undefined && result.signal === undefined) throw startError(result, file)
    const exitCode = result.exitCode ?? 128 + (constants.signals[result.signal as NodeJS.Signals] ?? 0)
    return {
      runId,
      exitCode,
      startedAt,
      endedAt,
      stdout: Array.isArray(result.stdout) ? (result.stdout as string[]) : [],
      ...(relay ? { ports: await relay.ports() } : {}),
      ...(namesEndpoint(env) ? { elsewhere: true } : {}),
    }
  } finally {
    relay?.close()
  }
}

/** How long a program may take to flush and end after it was asked to. */
const FORCE_MS = 5_000

/**
 * Ends the program when `signal` aborts. Ctrl-C in a terminal reaches the whole foreground group by itself, and
 * a second one would make many programs drop what they were about to flush.
 */
function passOn(signal: AbortSignal | undefined, kill: (name: 'SIGINT' | 'SIGKILL') => void): () => void {
  let force: NodeJS.Timeout | undefined
  const end = () => {
    if ((signal?.reason as { fromTerminal?: boolean } | undefined)?.fromTerminal !== true) kill('SIGINT')
    force = setTimeout(() => kill('SIGKILL'), FORCE_MS)
  }
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    clearTimeout(force)
    signal?.removeEventListener('abort', end)
  }
}

/**
 * A program of the learner's may speak either kind of OTLP to the one address that it is given. Where nobody
 * listens there is no relay either: the program is to see what is.
 */
async function relayTo(
  { otlpGrpc, otlpHttp }: OtlpDoors,
  env: Record<string, string | undefined>,
  pid: () => number | undefined,
): Promise<Relay | undefined> {
  if (!otlpGrpc || !otlpHttp) return undefined
  const local = [otlpGrpc, otlpHttp].every(({ url, headers }) => new URL(url).hostname === '127.0.0.1' && !headers)
  if (!local) return undefined
  const ports = { grpc: Number(new URL(otlpGrpc.url).port), http: Number(new URL(otlpHttp.url).port) }
  const first = env.OTEL_EXPORTER_OTLP_PROTOCOL?.startsWith('http/') ? ports.http : ports.grpc
  if (!(await isOpen(first))) return undefined
  return openRelay(ports, async (port, to) => {
    const owner = pid()
    return owner === undefined ? undefined : ownsConnection(owner, port, to)
  })
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.setTimeout(500, () => end(false))
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
  })

const namesEndpoint = (env: Record<string, string | undefined>) =>
  ['', 'TRACES_', 'METRICS_', 'LOGS_'].some((signal) => env[`OTEL_EXPORTER_OTLP_${signal}ENDPOINT`])

function startError(result: { code?: string | undefined; shortMessage?: string | undefined }, file: string): LabError {
  if (result.code === 'ENOENT') {
    return new LabError('command-not-found', `there is no program ${file}`, {
      hint: 'otel-lab run -- PROGRAM ARGUMENTS, with a program that is on your PATH',
      exit: EXIT.usage,
    })
  }
  if (result.code === 'EACCES') {
    return new LabError('not-executable', `${file} may not be executed`, {
      hint: `chmod +x ${file}`,
      exit: EXIT.usage,
    })
  }
  return new LabError('not-started', `${file} could not be started: ${result.shortMessage ?? result.code}`)
}
