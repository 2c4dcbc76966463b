/** What of the Compose specification (https://github.com/compose-spec/compose-spec) the docker engine does. */
export interface ComposeFile {
  name?: string
  services: Record<string, ComposeService>
  networks: Record<string, ComposeNetwork>
  volumes: Record<string, ComposeVolume>
}

export interface ComposeService {
  image: string
  command?: string[]
  entrypoint?: string[]
  environment: Record<string, string>
  ports: ComposePort[]
  mounts: ComposeMount[]
  /** By the network's key in the file. */
  networks: Record<string, { aliases: string[] }>
  dependsOn: Record<string, { condition: DependsCondition; required: boolean }>
  healthcheck?: ComposeHealthcheck
  restart?: { name: string; retries: number }
  labels: Record<string, string>
  user?: string
  readOnly: boolean
  init: boolean
  capAdd: string[]
  capDrop: string[]
  securityOpt: string[]
  memoryBytes?: number
  pidsLimit?: number
  cpus?: number
  ulimits: { name: string; soft: number; hard: number }[]
  tmpfs: string[]
  extraHosts: string[]
  logging?: { driver: string; options: Record<string, string> }
  workingDir?: string
  hostname?: string
  stopGraceSeconds?: number
  stopSignal?: string
}

export type DependsCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

export interface ComposePort {
  hostIp: string
  published: number
  target: number
  protocol: 'tcp' | 'udp'
}

export interface ComposeMount {
  type: 'bind' | 'volume'
  /** An absolute path, or the volume's key in the file. */
  source: string
  target: string
  readOnly: boolean
}

export interface ComposeHealthcheck {
  /** As the daemon takes it: `['CMD', ...]`, `['CMD-SHELL', text]` or `['NONE']`. */
  test: string[]
  intervalMs?: number
  timeoutMs?: number
  startPeriodMs?: number
  retries?: number
}

export interface ComposeNetwork {
  /** The daemon's own name for it; `<project>_<key>` unless the file says. */
  name?: string
  driver?: string
  internal: boolean
  external: boolean
  labels: Record<string, string>
}

export interface ComposeVolume {
  name?: string
  driver?: string
  external: boolean
  labels: Record<string, string>
}
