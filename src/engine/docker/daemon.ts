import { homedir } from 'node:os'
import type Docker from 'dockerode'
import { LabError } from '../../errors.ts'
import { type DaemonAddress, daemonAddresses, type Env } from './daemon/addresses.ts'
import { connect } from './daemon/connect.ts'

export interface Daemon {
  docker: Docker
  /** Its address, for messages. */
  host: string
  close(): void
}

const PING_MS = 3_000
/** An ssh connection has to be made first. */
const SSH_PING_MS = 15_000

/**
 * The daemon that Docker's own client would talk to, once it has answered.
 * Throws LabError `no-daemon` with all that were tried, `daemon-forbidden` or `no-context`.
 */
export async function findDaemon(env: Env, options: { pingMs?: number } = {}): Promise<Daemon> {
  const tried: { address: DaemonAddress; why: string; forbidden: boolean }[] = []
  for (const address of daemonAddresses(env, env.HOME || homedir(), process.platform)) {
    try {
      return await greet(address, options.pingMs)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      tried.push({ address, why: reason(error as Error), forbidden: code === 'EACCES' || code === 'EPERM' })
    }
  }
  const lines = tried.map(({ address, why }) => `  ${address.host} (${address.from}): ${why}`)
  const forbidden = tried.find((one) => one.forbidden)
  if (forbidden) {
    throw new LabError(
      'daemon-forbidden',
      `a Docker daemon is there, but you may not use it; tried:\n${lines.join('\n')}`,
      {
        hint: 'Become a member of its group: sudo usermod -aG docker "$USER"   and log in anew\nWithout Docker: otel-lab up --engine embedded',
      },
    )
  }
  throw new LabError('no-daemon', `no Docker daemon answers; tried:\n${lines.join('\n')}`, {
    facts: { tried: tried.length },
    hint: 'Start Docker (Docker Desktop, colima start, or: sudo systemctl start docker), then again\nWithout Docker: otel-lab up --engine embedded',
  })
}

async function greet(address: DaemonAddress, pingMs?: number): Promise<Daemon> {
  const patience = pingMs ?? (address.host.startsWith('ssh:') ? SSH_PING_MS : PING_MS)
  const { docker, close } = await connect(address)
  try {
    await within(docker.ping(), patience)
    return { docker, close, host: address.host }
  } catch (error) {
    close()
    throw error
  }
}

/** A daemon that hangs must not hang us; dockerode's own timeout would end followed logs as well. */
function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let late: NodeJS.Timeout
  const alarm = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  })
  return Promise.race([work, alarm]).finally(() => clearTimeout(late))
}

function reason(error: Error): string {
  const reasons: Record<string, string> = {
    ENOENT: 'not there',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ECONNREFUSED: 'nothing listens',
    ENOTFOUND: 'no such host',
  }
  return reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message.trim().split('\n').at(-1)!
}
