import { type CollectorCounter as Counter, countersSince } from '../backends/collector-counters.ts'
import { resolveConfig } from '../collector-config.ts'
import type { Attempt } from './attempt.ts'
import type { ExerciseLab } from './lab.ts'
import type { VerdictKind } from './verdict.ts'

export type Signal = 'traces' | 'metrics' | 'logs'

/** In the order in which telemetry passes them. */
export type Hop = 'app' | 'sdk-to-collector' | 'processors' | 'exporter' | 'backend'

export interface HopFinding {
  hop: Hop
  /** Undefined when nothing tells. */
  well: boolean | undefined
  seen: string
}

export interface BrokenHop extends HopFinding {
  verdict: VerdictKind
  why: string
  next: string
  /** It may come right by itself, so that waiting for it is no waste. */
  mayPass?: boolean
}

export interface Diagnosis {
  /** The first hop that did not do its part; absent when all did, so that it is only late. */
  broken?: BrokenHop
  hops: HopFinding[]
}

const BACKENDS = { traces: 'tempo', metrics: 'prometheus', logs: 'loki' } as const

/** Where did it die? Asks from the app onwards and stops at the first hop that did not pass it on. */
export async function diagnose(lab: ExerciseLab, attempt: Attempt, signal: Signal): Promise<Diagnosis> {
  const hops: HopFinding[] = []
  const since = await countedSince(lab, attempt)
  const of = (kind: Counter['kind']) => since?.filter((one) => one.kind === kind && one.signal === signal)
  const steps = [
    () => app(attempt),
    () => arrival(lab, of('receiver')),
    () => processing(lab, of('receiver'), of('processor')),
    () => sending(lab, signal, of('exporter')),
    () => backend(lab, signal),
  ]
  for (const step of steps) {
    const finding = await step()
    hops.push(finding)
    if (finding.well === false) return { broken: finding as BrokenHop, hops }
  }
  return { hops }
}

/** What the collector counted since the attempt began; one that was restarted meanwhile counts from zero. */
async function countedSince(lab: ExerciseLab, { before }: Attempt): Promise<Counter[] | undefined> {
  const now = await lab.backends.collector.counters(lab.signal ? { signal: lab.signal } : {}).catch(() => undefined)
  return now && countersSince(before ?? [], now)
}

function app({ said, traces, exitCode, names }: Attempt): HopFinding | BrokenHop {
  if (traces.length > 0) return { hop: 'app', well: true, seen: `the app made ${traces.length} traces` }
  if (!names) return { hop: 'app', well: undefined, seen: `the program ended with exit code ${exitCode}` }
  const last = said.at(-1)?.message
  return {
    hop: 'app',
    well: false,
    verdict: 'broken',
    seen: `the app named no trace (exit code ${exitCode}${last ? `, last words: ${last}` : ''})`,
    why: 'What is never recorded cannot arrive; everything further down waits for it',
    next: 'otel-lab run',
  }
}

async function arrival(lab: ExerciseLab, receivers: Counter[] | undefined): Promise<HopFinding | BrokenHop> {
  const hop = 'sdk-to-collector'
  const accepted = sum(receivers, 'accepted')
  const refused = sum(receivers, 'refused')
  if (accepted > 0) return { hop, well: true, seen: `the collector accepted ${accepted}` }
  if (refused > 0) {
    return {
      hop,
      well: false,
      verdict: 'broken',
      seen: `the collector refused ${refused}, and accepted none`,
      why: 'A memory limiter turns data away before the process runs out of memory',
      next: 'otel-lab restart otel-collector, and look at memory_limiter: otel-lab config show',
    }
  }
  const health = await lab.backends.collector.health().catch((error: Error) => error.message)
  if (receivers === undefined && typeof health !== 'string')
    return { hop, well: undefined, seen: "the collector's own metrics are off" }
  return {
    hop,
    well: false,
    verdict: 'broken',
    seen:
      typeof health === 'string'
        ? `the collector does not answer: ${health}`
        : 'the collector has accepted nothing of it',
    why: 'The app could not hand it over: no door, the wrong door, or no collector',
    next: 'otel-lab doctor',
  }
}

function processing(
  lab: ExerciseLab,
  receivers: Counter[] | undefined,
  processors: Counter[] | undefined,
): HopFinding | BrokenHop {
  const hop = 'processors'
  const accepted = sum(receivers, 'accepted')
  const filter = processors?.find(({ filtered }) => filtered > 0)
  if (filter === undefined || filter.filtered < accepted)
    return { hop, well: processors === undefined ? undefined : true, seen: 'no processor dropped it' }
  return {
    hop,
    well: false,
    verdict: 'failed',
    seen: `${filter.id} dropped ${filter.filtered} of ${accepted}`,
    why: 'A filter drops what its conditions are true for; these are true for too much',
    next: `Look at ${filter.id} in ${lab.collector.shown}, then: otel-lab restart otel-collector`,
  }
}

async function sending(lab: ExerciseLab, signal: Signal, exporters: Counter[] | undefined) {
  const hop = 'exporter'
  const carrying = exporters?.filter(({ id }) => !['debug', 'file'].includes(id.split('/')[0]!))
  const stuck = carrying?.find(
    ({ failed, enqueueFailed, queued, sent }) => failed + enqueueFailed > 0 || (queued > 0 && sent === 0),
  )
  if (stuck) {
    return {
      hop,
      well: false,
      verdict: 'failed',
      mayPass: true,
      seen: `${stuck.id} could not deliver (${stuck.failed + stuck.enqueueFailed} given up, ${stuck.queued} waiting)`,
      why: 'The collector has it, but its exporter does not get through to the backend',
      next: `Check the endpoint of ${stuck.id} in ${lab.collector.shown}; what it says: otel-lab logs otel-collector --tail 20`,
    } satisfies BrokenHop
  }
  const sent = sum(carrying, 'sent')
  if (sent > 0)
    return {
      hop,
      well: true,
      seen: `${carrying!
        .filter((one) => one.sent > 0)
        .map(({ id }) => id)
        .join(', ')} sent ${sent}`,
    } satisfies HopFinding
  const missing = await noWayOut(lab, signal)
  if (missing) return missing
  return { hop, well: undefined, seen: 'no exporter has counted it yet' } satisfies HopFinding
}

/** A pipeline whose exporters lead to no backend: the learner put debug in the place of Tempo's. */
async function noWayOut(lab: ExerciseLab, signal: Signal): Promise<BrokenHop | undefined> {
  const { config } = resolveConfig(await lab.collector.readConfig(), lab.env)
  if (config === undefined) return undefined
  const used = [...config.service.pipelines.values()]
    .filter((one) => one.signal === signal)
    .flatMap((one) => one.exporters)
  const isLocal = (id: string) => ['debug', 'file'].includes(config.exporters.get(id)?.type ?? 'connector')
  if (used.some((id) => config.exporters.has(id) && !isLocal(id))) return undefined
  const backend = BACKENDS[signal]
  const home = { traces: 'otlp_grpc/tempo', metrics: 'prometheus', logs: 'otlp_http/loki' }[signal]
  return {
    hop: 'exporter',
    well: false,
    verdict: 'failed',
    seen: `the ${signal} pipeline exports to ${used.join(', ') || 'nothing'}, and so to no ${backend}`,
    why: 'Each exporter in the list gets its own copy. Put a new one beside the old one, not in its place',
    next: `otel-lab config patch --add service.pipelines.${signal}.exporters=${home}`,
  }
}

async function backend(lab: ExerciseLab, signal: Signal): Promise<HopFinding | BrokenHop> {
  const name = BACKENDS[signal]
  const ready = await lab.backends[name].ready().catch((error: Error) => ({ ready: false, said: error.message }))
  if (ready.ready) return { hop: 'backend', well: true, seen: `${name} is ready` }
  return {
    hop: 'backend',
    well: false,
    verdict: 'broken',
    mayPass: true,
    seen: `${name} is not ready: ${ready.said}`,
    why: 'The data may be on its way, but nothing can take it in or answer for it',
    next: `otel-lab restart ${name}, then: otel-lab status`,
  }
}

const sum = (counters: Counter[] | undefined, field: 'accepted' | 'refused' | 'sent') =>
  (counters ?? []).reduce((total, one) => total + one[field], 0)
