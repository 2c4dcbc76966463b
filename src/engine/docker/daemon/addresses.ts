import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, LabError } from '../../../errors.ts'

export interface Env {
  [name: string]: string | undefined
}

/** One place where a daemon may answer. */
export interface DaemonAddress {
  /** As Docker's client writes it: `unix:///...`, `npipe://...`, `tcp://host:port` or `ssh://user@host`. */
  host: string
  /** Why this one is tried. */
  from: string
  /** The folder with ca.pem, cert.pem and key.pem. */
  certs?: string
  /** The daemon's certificate is checked. */
  verify?: boolean
}

/**
 * Where Docker's own client would look, in its order: DOCKER_HOST alone, else the context that is chosen, else the
 * usual sockets. What is named is the only one tried. Throws LabError `no-context`.
 */
export function daemonAddresses(env: Env, home: string, platform: NodeJS.Platform): DaemonAddress[] {
  const config = env.DOCKER_CONFIG || join(home, '.docker')
  if (env.DOCKER_HOST) {
    const tls = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS)
    const host = env.DOCKER_HOST.includes('://') ? env.DOCKER_HOST : `tcp://${env.DOCKER_HOST}`
    const certs = env.DOCKER_CERT_PATH || config
    return [{ host, from: 'DOCKER_HOST', ...(tls && { certs, verify: Boolean(env.DOCKER_TLS_VERIFY) }) }]
  }
  const context = env.DOCKER_CONTEXT || currentContext(config)
  if (context !== undefined && context !== 'default') return [contextAddress(config, context)]
  return usualSockets(env, home, platform)
}

function usualSockets(env: Env, home: string, platform: NodeJS.Platform): DaemonAddress[] {
  if (platform === 'win32') {
    return ['docker_engine', 'dockerDesktopLinuxEngine', 'podman-machine-default'].map((name) => ({
      host: `npipe:////./pipe/${name}`,
      from: name,
    }))
  }
  const run = env.XDG_RUNTIME_DIR
  const sockets: [string, string | undefined][] = [
    ['the usual socket', '/var/run/docker.sock'],
    ['rootless Docker', run && join(run, 'docker.sock')],
    ['Docker Desktop', join(home, '.docker/run/docker.sock')],
    ['Docker Desktop on Linux', join(home, '.docker/desktop/docker.sock')],
    ['Colima', join(home, '.colima/default/docker.sock')],
    ['OrbStack', join(home, '.orbstack/run/docker.sock')],
    ['Rancher Desktop', join(home, '.rd/docker.sock')],
    ['rootless Podman', run && join(run, 'podman/podman.sock')],
    ['a Podman machine', join(home, '.local/share/containers/podman/machine/podman.sock')],
    ['Podman', '/run/podman/podman.sock'],
  ]
  return sockets.flatMap(([from, path]) => (path ? [{ host: `unix://${path}`, from }] : []))
}

/** `docker context use` writes it into config.json. */
function currentContext(config: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(config, 'config.json'), 'utf8')) as { currentContext?: string }).currentContext
  } catch {
    return undefined
  }
}

/** A context is kept below a folder that is named by the SHA-256 of its name. */
function contextAddress(config: string, name: string): DaemonAddress {
  const id = createHash('sha256').update(name).digest('hex')
  const file = join(config, 'contexts/meta', id, 'meta.json')
  try {
    const meta = JSON.parse(readFileSync(file, 'utf8')) as {
      Endpoints: { docker?: { Host?: string; SkipTLSVerify?: boolean } }
    }
    const endpoint = meta.Endpoints.docker
    if (!endpoint?.Host) throw new Error('it has no docker endpoint')
    const certs = join(config, 'contexts/tls', id, 'docker')
    const tls = existsSync(certs) ? { certs, verify: endpoint.SkipTLSVerify !== true } : {}
    return { host: endpoint.Host, from: `the context ${name}`, ...tls }
  } catch (error) {
    throw new LabError('no-context', `the Docker context ${name} cannot be read: ${(error as Error).message}`, {
      hint: 'docker context ls\nThen: docker context use default',
      exit: EXIT.broken,
      cause: error,
    })
  }
}
