import type Docker from 'dockerode'

/** What differs from daemon to daemon. */
export interface DaemonFacts {
  podman: boolean
  /** Labels files; one that a container shall read needs the shared label. */
  selinux: boolean
  /** Where its published ports answer. */
  address: string
  /** It is on this machine, or in a virtual machine of it that hands its ports through. */
  near: boolean
  /** Where it keeps images, in its own file system. */
  dataDir: string
}

export async function daemonFacts(docker: Docker, host: string): Promise<DaemonFacts> {
  const [version, info] = await Promise.all([
    docker.version() as Promise<{ Components?: { Name: string }[] }>,
    docker.info() as Promise<{ SecurityOptions?: string[]; DockerRootDir?: string }>,
  ])
  return {
    podman: (version.Components ?? []).some(({ Name }) => /podman/i.test(Name)),
    selinux: (info.SecurityOptions ?? []).some((option) => /^(name=)?selinux/.test(option)),
    ...addressOf(host),
    dataDir: info.DockerRootDir ?? '',
  }
}

/** Ports of a daemon on another machine answer there. */
export function addressOf(host: string): { address: string; near: boolean } {
  const loopback = { address: '127.0.0.1', near: true }
  if (/^(unix|npipe):/.test(host)) return loopback
  const { hostname } = new URL(host)
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  return isHere ? loopback : { address: hostname, near: false }
}
