import { markedOwner } from '../../../util/socket-owner.ts'
import type { Peer } from '../../grpc/server.ts'

export interface Sender {
  /** Filled as soon as it is known. */
  pids: number[]
  known: Promise<void>
}

/**
 * Which process sends what carries a run id. Each connection is looked up once for an id: a program and its children
 * have the id in their environment, so few processes must be looked at. Undefined where nobody can tell.
 */
export function createSenders() {
  const known = new WeakMap<object, Map<string, Sender>>()
  return ({ connection, address, port, localPort }: Peer, runIds: readonly string[]): Sender | undefined => {
    const [run] = runIds
    if (run === undefined || process.platform !== 'linux' || !LOOPBACK.test(address)) return undefined
    const senders = known.get(connection) ?? new Map<string, Sender>()
    known.set(connection, senders)
    const before = senders.get(run)
    if (before) return before
    const pids: number[] = []
    const lookUp = async () => {
      pids.push(...((await markedOwner(run, port, localPort).catch(() => undefined)) ?? []))
    }
    const sender = { pids, known: lookUp() }
    if (senders.size < MAX_RUNS) senders.set(run, sender)
    return sender
  }
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/
/** A connection over which more runs than that come is nobody's program. */
const MAX_RUNS = 32
