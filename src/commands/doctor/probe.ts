import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoints } from '../../engine.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { httpRequest } from '../../util/http.ts'
import type { Finding } from './finding.ts'

const DEADLINE_MS = 10_000

/** Sends one span to the collector and asks Tempo for it by its id: the whole way, or where it ends. */
export async function checkEndToEnd({ otlpHttp, tempo }: Endpoints, signal: AbortSignal): Promise<Finding> {
  const title = 'A span from end to end'
  if (!otlpHttp)
    return { state: 'warning', title, seen: 'the collector has no OTLP/HTTP door to try', next: 'otel-lab config diff' }
  const traceId = randomBytes(16).toString('hex')
  const now = BigInt(Date.now()) * 1_000_000n
  const sent = performance.now()
  try {
    const answer = await httpRequest(`${otlpHttp.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...otlpHttp.headers },
      body: JSON.stringify(probe(traceId, now)),
      signal,
    })
    if (answer.status !== 200) {
      return {
        state: 'error',
        title,
        seen: `the collector answers ${answer.status}: ${answer.text.trim()}`,
        next: 'otel-lab logs otel-collector --tail 20',
      }
    }
  } catch (error) {
    return {
      state: 'error',
      title,
      seen: `the collector at ${otlpHttp.url} does not take it: ${(error as Error).message}`,
      next: 'otel-lab restart otel-collector',
    }
  }
  while (performance.now() - sent < DEADLINE_MS) {
    signal.throwIfAborted()
    const answer = await httpRequest(`${tempo.url}/api/traces/${traceId}`, {
      headers: tempo.headers ?? {},
      signal,
    }).catch(() => undefined)
    if (answer?.status === 200)
      return { state: 'ok', title, seen: `in Tempo after ${humanDuration(performance.now() - sent)}` }
    await sleep(25, undefined, { signal })
  }
  return {
    state: 'error',
    title,
    seen: `the collector took it, but Tempo does not have it after ${DEADLINE_MS / 1000} s`,
    next: 'Is tempo among the exporters of the traces pipeline? See: otel-lab config diff',
  }
}

/** OTLP/JSON (opentelemetry-proto, docs/specification): ids in hex, 64-bit numbers as strings. */
function probe(traceId: string, nanos: bigint): unknown {
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'doctor probe',
    kind: 1,
    startTimeUnixNano: String(nanos),
    endTimeUnixNano: String(nanos + 1_000_000n),
  }
  const attributes = [{ key: 'service.name', value: { stringValue: 'otel-lab-doctor' } }]
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'otel-lab' }, spans: [span] }] }] }
}
