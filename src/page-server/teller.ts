import type { WSContext } from 'hono/ws'
import type { WebSocket } from 'ws'

/** An open page of the night before: proxies drop what is silent. */
const PING_MS = 15_000
/** A page that takes nothing more (its browser froze it) is let go; it comes back when it wakes. */
const MAX_WAITING = 16_000_000

export interface Teller {
  /** `json` as it is: what is told to many is written once. */
  tell(event: string, json: string): void
  end(): void
}

/** One page that listens. */
export function tellerOf(socket: WSContext, now: () => number): Teller {
  const tell = (event: string, json: string) => {
    const raw = socket.raw as WebSocket | undefined
    if (raw && raw.bufferedAmount > MAX_WAITING) return raw.terminate()
    socket.send(`{"event":${JSON.stringify(event)},"data":${json}}`)
  }
  const ping = setInterval(() => tell('ping', String(now())), PING_MS)
  ping.unref()
  return { tell, end: () => clearInterval(ping) }
}
