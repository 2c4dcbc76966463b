import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { ResourceOf, Signal, Span } from '../../../otlp/types.ts'
import type { Build, Consume, Consumer, Payload } from '../component.ts'
import { type Delivery, mergeDeliveries } from '../delivery.ts'
import { createDecider } from '../tail-sampling/decide.ts'
import { createMeter } from '../tail-sampling/meter.ts'
import { createRemembered } from '../tail-sampling/remembered.ts'
import { byTrace, type HeldTrace } from '../tail-sampling/trace.ts'

/** How often traces are decided on. */
const TICK_MS = 1_000

/**
 * Holds the spans of each trace for `decision_wait`, then asks the policies, and hands on the whole trace or nothing of
 * it. A trace is known until `num_traces` others have come, so that late spans share its fate.
 */
export function createTailSampling(build: Build, _signal: Signal, next: Consume): Consumer {
  const { config, logger, telemetry } = build
  const s = config.settings
  const meter = createMeter(telemetry)
  const decide = createDecider(s, meter, logger)
  const sampledIds = createRemembered(s.decision_cache.sampled_cache_size)
  const otherIds = createRemembered(s.decision_cache.non_sampled_cache_size)
  const traces = new Map<string, HeldTrace>()
  const waitBatches = Math.max(1, Math.floor(s.decision_wait / 1000))
  const rootBatches = Math.floor(s.decision_wait_after_root_received / 1000)
  let tick = 0
  let timer: NodeJS.Timeout | undefined
  const wakers: (() => void)[] = []
  const sending = new Set<Promise<void>>()

  /** Nobody waits for the answer any more. */
  async function forward(groups: ResourceOf<Span>[], deliveries: readonly Delivery[]): Promise<void> {
    const delivery = mergeDeliveries(deliveries)
    try {
      await next({ signal: 'traces', data: groups, delivery } as Payload)
    } catch (error) {
      delivery.release()
      logger.warn('Error sending spans to destination', { error: (error as Error).message })
    }
  }

  function forget(trace: HeldTrace, now: number): void {
    traces.delete(trace.traceId)
    for (const delivery of trace.deliveries.splice(0)) delivery.release()
    meter.removed((now - trace.arrivedAt) / 1000)
    for (const wake of wakers.splice(0)) wake()
  }

  function release(trace: HeldTrace, now: number): void {
    const kept = trace.decision === 'sampled'
    const { groups, deliveries } = trace
    trace.groups = []
    trace.deliveries = []
    if (kept) {
      const sent = forward(groups, deliveries).finally(() => sending.delete(sent))
      sending.add(sent)
    } else for (const delivery of deliveries) delivery.release()
    // What the cache remembers needs no place among the traces.
    if ((kept ? sampledIds : otherIds).add(trace.traceId)) forget(trace, now)
  }

  function settle(trace: HeldTrace, now: number): void {
    trace.decidedAt = now
    trace.decision = s.sampling_strategy === 'span-ingest' ? 'not_sampled' : decide.whole(trace, now)
    meter.decided(trace.decision)
    release(trace, now)
  }

  function onTick(now = Date.now()): void {
    const start = performance.now()
    const due = tick++
    for (const trace of [...traces.values()]) {
      if (trace.decision === undefined && trace.batch <= due) settle(trace, now)
    }
    meter.onMemory(traces.size)
    meter.ticked(Math.trunc(performance.now() - start))
  }

  /** The oldest goes, decided or not, unless the newest is to wait. */
  async function makeRoom(now: number): Promise<void> {
    while (traces.size >= s.num_traces) {
      if (s.block_on_overflow && timer !== undefined) {
        await new Promise<void>((resolve) => wakers.push(resolve))
        continue
      }
      const [oldest] = traces.values()
      if (oldest === undefined) return
      if (oldest.decision === undefined) meter.tooEarly()
      forget(oldest, now)
    }
  }

  async function add(traceId: string, group: ResourceOf<Span>, delivery: Delivery): Promise<void> {
    const now = Date.now()
    const count = group.scopes.reduce((sum, { items }) => sum + items.length, 0)
    if (sampledIds.has(traceId)) {
      meter.early(true, count)
      return forward([group], [delivery])
    }
    if (otherIds.has(traceId)) {
      meter.early(false, count)
      return delivery.release()
    }
    let trace = traces.get(traceId)
    if (trace === undefined) {
      await makeRoom(now)
      trace = { traceId, spanCount: 0, bytes: 0, groups: [], deliveries: [], arrivedAt: now, batch: tick + waitBatches }
      traces.set(traceId, trace)
      meter.arrived()
    }
    trace.spanCount += count
    const root = group.scopes.some(({ items }) => items.some(({ parentSpanId }) => parentSpanId === ''))
    if (root && rootBatches > 0) trace.batch = Math.min(trace.batch, tick + rootBatches)
    if (decide.weighs || s.maximum_trace_size_bytes > 0) {
      trace.bytes += sizeOf(group)
    }
    if (trace.decision !== undefined) return late(trace, group, delivery, now)
    trace.groups.push(group)
    trace.deliveries.push(delivery)
    if (s.maximum_trace_size_bytes > 0 && trace.bytes > s.maximum_trace_size_bytes) {
      meter.tooLarge()
      trace.decision = 'not_sampled'
      return release(trace, now)
    }
    if (s.sampling_strategy !== 'span-ingest') return
    const decision = decide.part({ ...trace, groups: [group] }, now)
    if (decision === undefined) return
    trace.decision = decision
    trace.decidedAt = now
    meter.decided(decision)
    release(trace, now)
  }

  async function late(trace: HeldTrace, group: ResourceOf<Span>, delivery: Delivery, now: number): Promise<void> {
    if (trace.decidedAt !== undefined) meter.late((now - trace.decidedAt) / 1000)
    if (trace.decision === 'sampled') await forward([group], [delivery])
    else delivery.release()
  }

  return {
    start() {
      timer = setInterval(onTick, TICK_MS)
    },
    async consume({ data, delivery }) {
      const parts = (data as ResourceOf<Span>[]).flatMap((group) => [...byTrace(group)])
      if (parts.length === 0) return delivery.release()
      delivery.retain(parts.length - 1)
      for (const [traceId, group] of parts) await add(traceId, group, delivery)
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      const now = Date.now()
      for (const trace of [...traces.values()]) {
        if (trace.decision !== undefined) continue
        if (s.drop_pending_traces_on_shutdown) forget(trace, now)
        else settle(trace, now)
      }
      for (const wake of wakers.splice(0)) wake()
      await Promise.all(sending)
    },
  }
}

/** A ResourceSpans's own bytes: in a request there are a tag and its length before it. */
function sizeOf(group: ResourceOf<Span>): number {
  const whole = encodeRequest('traces', [group]).length
  const lengthBytes = (size: number) => Math.max(1, Math.ceil(Math.log2(size + 1) / 7))
  const most = lengthBytes(whole)
  const size = whole - 1 - most
  return lengthBytes(size) === most ? size : size + 1
}
