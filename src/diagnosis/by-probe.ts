import type { Diagnosis, DiagnosisPorts, Hop, ObservedRun, Signal } from './contract.ts'
import { makeProbe } from './probe/requests.ts'
import { sendSignal } from './probe/send.ts'
import { otlpSetting } from './settings.ts'
import { isWell, settle } from './settle.ts'

/**
 * Where nobody can look into the collector, a marked probe of the same signal, sent by the same door, tells more: where
 * it dies the run died too, and where it passes the fault is the program's or its data's. Any other diagnosis it leaves
 * as it is.
 */
export async function askByProbe(
  ports: DiagnosisPorts,
  run: ObservedRun,
  diagnosis: Diagnosis,
  newRunId: () => string,
): Promise<Diagnosis> {
  const { signal, arrived, broken, hops } = diagnosis
  if (ports.engine.tap || arrived !== false || broken) return diagnosis
  const { otlpGrpc, otlpHttp } = ports.endpoints
  const http = otlpSetting(run.env, signal, 'PROTOCOL')?.value.startsWith('http/') === true || otlpGrpc === undefined
  const door = http ? otlpHttp : otlpGrpc
  if (door === undefined) return diagnosis
  const now = (ports.now ?? Date.now)()
  const before = await ports.backends.collector.counters().catch(() => undefined)
  const probe = makeProbe(newRunId(), now)
  const said = await sendSignal(probe, signal, { kind: http ? 'http' : 'grpc', ...door })
  const sent: ObservedRun = {
    runId: probe.runId,
    startedAt: now,
    endedAt: now,
    exitCode: 0,
    traceIds: [probe.traceId],
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: http ? 'http/protobuf' : 'grpc' },
    ...(said === undefined ? {} : { output: [said] }),
    ...(before ? { before } : {}),
  }
  const found = await settle(ports, sent, signal)
  const cause = isWell(found)
    ? passedBy(signal, http)
    : found.broken && { ...found.broken, known: [...found.broken.known, 'probe' as const] }
  if (cause === undefined) return diagnosis
  const at = hops.findIndex(({ hop, id }) => hop === cause.hop && id === cause.id)
  const all = at === -1 ? insert(hops, cause) : hops.map((hop, i) => (i === at ? cause : hop))
  return { ...diagnosis, hops: all, broken: cause }
}

function passedBy(signal: Signal, http: boolean): Hop {
  return {
    hop: 'export',
    state: 'dropped',
    fault: 'probe-passes',
    blame: 'work',
    known: ['probe', 'backend'],
    seen: `a probe sent by OTLP/${http ? 'HTTP' : 'gRPC'} came out at the far end, and nothing of this run did`,
    why: 'The way is open, so the program does not send it, ends before its SDK has flushed, or its own data meets a filter',
    next: `See what the program makes: OTEL_${signal.toUpperCase()}_EXPORTER=console otel-lab run -- PROGRAM`,
  }
}

const ORDER = [
  'app',
  'sdk',
  'sampling',
  'export',
  'receiver',
  'processor',
  'connector',
  'exporter',
  'scrape',
  'backend',
  'query',
]

/** Into its place in the flow. */
function insert(hops: readonly Hop[], cause: Hop): Hop[] {
  const at = hops.findIndex(({ hop }) => ORDER.indexOf(hop) > ORDER.indexOf(cause.hop))
  return at === -1 ? [...hops, cause] : [...hops.slice(0, at), cause, ...hops.slice(at)]
}
