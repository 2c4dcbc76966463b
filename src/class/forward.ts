import { setTimeout as sleep } from 'node:timers/promises'
import { requestToJson } from '../otlp/json.ts'
import { httpRequest } from '../util/http.ts'
import { toOtlp } from './event.ts'
import type { ClassJournal } from './journal.ts'

const AT_ONCE = 200
const EVERY_MS = 1_000

/**
 * Hands on what the journal holds to the lab's OTLP door, in order, until the signal aborts. While the lab is away it
 * waits; nothing is left out, and after a crash the last ones may come twice.
 */
export async function forwardAll(
  journal: ClassJournal,
  /** Where the lab takes OTLP over HTTP now; undefined while it is down. */
  door: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const waiting = journal.events.slice(journal.forwarded, journal.forwarded + AT_ONCE)
    const took = waiting.length > 0 && (await send(waiting, door, signal))
    if (took) await journal.setForwarded(journal.forwarded + waiting.length)
    if (!took || waiting.length < AT_ONCE) await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
  }
}

async function send(
  events: ClassJournal['events'],
  door: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<boolean> {
  const url = await door().catch(() => undefined)
  if (url === undefined) return false
  const answer = await httpRequest(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestToJson('logs', toOtlp(events))),
    timeoutMs: 10_000,
    signal,
  }).catch(() => undefined)
  return answer !== undefined && answer.status >= 200 && answer.status < 300
}
