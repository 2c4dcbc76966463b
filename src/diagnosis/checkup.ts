import type { Endpoint } from '../engine.ts'
import { SIGNALS } from '../util/signal.ts'
import type { Diagnosis, DiagnosisPorts, ObservedRun, Signal } from './contract.ts'
import { makeProbe } from './probe/requests.ts'
import { type DoorKind, sendSignal } from './probe/send.ts'
import { addressOf, otlpSetting, setting } from './settings.ts'
import { isWell, settle } from './settle.ts'

/** By which way a probe went in: each door of the collector, and, where the shell says otherwise, as the shell says. */
export type Way = 'OTLP/gRPC' | 'OTLP/HTTP' | 'this shell'

/** What became of one signal of one probe. */
export interface Checked {
  way: Way
  signal: Signal
  /** Found at the far end, whole, by its query. */
  well: boolean
  /** From sending to finding. */
  ms: number
  diagnosis: Diagnosis
}

export interface CheckupOptions {
  newRunId: () => string
  /** The shell's. */
  env: Readonly<Record<string, string | undefined>>
  onChecked?: (one: Checked) => void
}

type Env = CheckupOptions['env']

/**
 * Sends a marked span, log line and metric through each door and as this shell would, and looks for each at the far
 * end; of what does not come out, where it died. Nothing is wrong only when all came out.
 */
export async function checkUp(ports: DiagnosisPorts, options: CheckupOptions): Promise<Checked[]> {
  const { otlpGrpc, otlpHttp } = ports.endpoints
  const ways: { way: Way; env: Env; door?: Endpoint & { kind: DoorKind } }[] = []
  const add = (way: Way, kind: DoorKind, protocol: string, endpoint: Endpoint | undefined) => {
    // A stack that runs elsewhere has the doors that it has.
    if (endpoint === undefined && ports.engine.kind === 'external') return
    ways.push({
      way,
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
      ...(endpoint ? { door: { kind, ...endpoint } } : {}),
    })
  }
  add('OTLP/gRPC', 'grpc', 'grpc', otlpGrpc)
  add('OTLP/HTTP', 'http', 'http/protobuf', otlpHttp)
  // Where nobody looks into the collector, what it counts meanwhile is all there is.
  const before = ports.engine.tap ? undefined : await ports.backends.collector.counters().catch(() => undefined)
  const counted = before ? { before } : {}
  const checked = ways.map(async ({ way, env, door }) => {
    const probe = makeProbe(options.newRunId(), (ports.now ?? Date.now)())
    const startedAt = (ports.now ?? Date.now)()
    return SIGNALS.map(async (signal) => {
      const said = door === undefined ? undefined : await sendSignal(probe, signal, door)
      return follow(ports, options, { way, signal, run: { ...runOf(probe, startedAt, env, said), ...counted } })
    })
  })
  const doors = (await Promise.all(checked)).flat()
  const shell = SIGNALS.filter((signal) => saysOtherwise(options.env, signal)).map(async (signal) => {
    const startedAt = (ports.now ?? Date.now)()
    const probe = makeProbe(options.newRunId(), startedAt, resourceOf(options.env))
    const said = await asShell(ports, options.env, probe, signal)
    return follow(ports, options, {
      way: 'this shell',
      signal,
      run: { ...runOf(probe, startedAt, options.env, said), ...counted },
    })
  })
  return Promise.all([...doors, ...shell])
}

interface Followed {
  way: Way
  signal: Signal
  run: ObservedRun
}

async function follow(ports: DiagnosisPorts, { onChecked }: CheckupOptions, one: Followed): Promise<Checked> {
  const { way, signal, run } = one
  const diagnosis = await settle(ports, run, signal)
  const ms = (ports.now ?? Date.now)() - run.startedAt
  const result = { way, signal, well: isWell(diagnosis), ms, diagnosis }
  onChecked?.(result)
  return result
}

function runOf(
  { runId, traceId }: { runId: string; traceId: string },
  startedAt: number,
  env: Env,
  said: string | undefined,
): ObservedRun {
  return {
    runId,
    startedAt,
    endedAt: startedAt,
    exitCode: 0,
    traceIds: [traceId],
    env,
    ...(said === undefined ? {} : { output: [said] }),
  }
}

/** Whether the environment says something of how a signal is sent that the lab's own settings do not. */
function saysOtherwise(env: Env, signal: Signal): boolean {
  const own = ['ENDPOINT', 'PROTOCOL', 'HEADERS', 'TIMEOUT', 'COMPRESSION', 'INSECURE', 'CERTIFICATE']
  const names = [
    'OTEL_SDK_DISABLED',
    'OTEL_CONFIG_FILE',
    'OTEL_EXPERIMENTAL_CONFIG_FILE',
    `OTEL_${signal.toUpperCase()}_EXPORTER`,
  ]
  if (signal === 'traces') names.push('OTEL_TRACES_SAMPLER', 'TRACEPARENT')
  return setting(env, ...names) !== undefined || own.some((what) => otlpSetting(env, signal, what) !== undefined)
}

/** OTEL_RESOURCE_ATTRIBUTES, percent-decoded. */
function resourceOf(env: Env): Record<string, string> {
  const pairs = (env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs.flatMap(([key, value]) => (key?.trim() && value ? [[key.trim(), decoded(value.trim())]] : [])),
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Sends it as an SDK would that is started from this shell: not at all, if that is what the shell says. */
async function asShell(
  ports: DiagnosisPorts,
  env: Env,
  probe: ReturnType<typeof makeProbe>,
  signal: Signal,
): Promise<string | undefined> {
  if (setting(env, 'OTEL_SDK_DISABLED')?.value.toLowerCase() === 'true') return undefined
  const exporter = setting(env, `OTEL_${signal.toUpperCase()}_EXPORTER`)?.value ?? 'otlp'
  if (!exporter.includes('otlp')) return undefined
  if (signal === 'traces' && isUnsampled(env)) return undefined
  const { otlpGrpc, otlpHttp } = ports.endpoints
  const http = otlpSetting(env, signal, 'PROTOCOL')?.value.startsWith('http/') === true
  const door = http ? otlpHttp : (otlpGrpc ?? otlpHttp)
  const given = otlpSetting(env, signal, 'ENDPOINT')
  const kind: DoorKind = http || door === otlpHttp ? 'http' : 'grpc'
  if (given === undefined) return door && sendSignal(probe, signal, { kind, ...door })
  const at = addressOf(given.value)
  if (at === undefined) return `failed to export: ${given.name}=${given.value} is no address`
  const url = `${at.scheme || 'http'}://${at.host}:${at.port}`
  const own = given.name.includes(signal.toUpperCase())
  const path = own ? at.path || '/' : `${at.path}/v1/${signal}`
  const headers = { ...door?.headers, ...headersOf(env, signal) }
  return sendSignal(probe, signal, { kind, url, headers, path })
}

function isUnsampled(env: Env): boolean {
  const sampler = setting(env, 'OTEL_TRACES_SAMPLER')?.value.toLowerCase() ?? ''
  if (/-00$/.test(env.TRACEPARENT?.trim() ?? '') && (sampler === '' || sampler.startsWith('parentbased_'))) return true
  return (
    sampler.endsWith('always_off') ||
    (sampler.endsWith('traceidratio') && Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1) <= 0)
  )
}

function headersOf(env: Env, signal: Signal): Record<string, string> {
  const pairs = (otlpSetting(env, signal, 'HEADERS')?.value ?? '').split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs.flatMap(([key, ...rest]) =>
      key?.trim() ? [[key.trim().toLowerCase(), decoded(rest.join('=').trim())]] : [],
    ),
  )
}
