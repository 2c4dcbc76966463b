import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoints } from '../../src/engine.ts'
import { httpRequest } from '../../src/util/http.ts'

/** Sends one span to the collector as OTLP/JSON; gives its trace id. */
export async function sendSpan({ otlpHttp }: Pick<Endpoints, 'otlpHttp'>): Promise<string> {
  const traceId = randomBytes(16).toString('hex')
  const nanos = BigInt(Date.now()) * 1_000_000n
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'test',
    kind: 1,
    startTimeUnixNano: String(nanos),
    endTimeUnixNano: String(nanos + 1_000_000n),
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'test' } }] }
  const { status, text } = await httpRequest(`${otlpHttp!.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  })
  if (status !== 200) throw new Error(`the collector answers ${status}: ${text}`)
  return traceId
}

/** Whether Tempo has the trace, at the latest after `ms`. */
export async function traceIn({ tempo }: Pick<Endpoints, 'tempo'>, traceId: string, ms = 10_000): Promise<boolean> {
  const deadline = Date.now() + ms
  do {
    const answer = await httpRequest(`${tempo.url}/api/traces/${traceId}`).catch(() => undefined)
    if (answer?.status === 200) return true
    await sleep(50)
  } while (Date.now() < deadline)
  return false
}
