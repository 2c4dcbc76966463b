import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { DaemonAddress } from './addresses.ts'
import { sshAgent } from './ssh.ts'

export interface Connection {
  docker: Docker
  close(): void
}

/** docker-modem reads DOCKER_HOST and the certificates itself, and what it found there would win over a socket. */
const NO_HOST = { host: undefined, ca: undefined, cert: undefined, key: undefined }

/** A client for the address; nothing is sent yet. Throws a plain Error when the certificates cannot be read. */
export async function connect(address: DaemonAddress): Promise<Connection> {
  const { default: Client } = await import('dockerode')
  const client = (options: object) => new Client({ ...NO_HOST, ...options })
  const path = /^(?:unix|npipe):\/\/(.*)$/.exec(address.host)?.[1]
  if (path !== undefined) return { docker: client({ socketPath: path }), close: () => {} }
  const url = new URL(address.host)
  if (url.protocol === 'ssh:') {
    const agent = sshAgent(url)
    return { docker: client({ host: 'http://docker', protocol: 'http', agent }), close: () => agent.destroy() }
  }
  const { hostname: host, port } = url
  if (address.certs === undefined) {
    return { docker: client({ host, port: port || 2375, protocol: 'http' }), close: () => {} }
  }
  const { Agent } = await import('node:https')
  const read = (name: string) => readFileSync(join(address.certs!, name))
  const agent = new Agent({
    cert: read('cert.pem'),
    key: read('key.pem'),
    rejectUnauthorized: address.verify === true,
    ...(address.verify && { ca: read('ca.pem') }),
  })
  return { docker: client({ host, port: port || 2376, protocol: 'https', agent }), close: () => agent.destroy() }
}
