import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readHealthcheck } from './health.ts'
import type { ComposeMount, ComposeService, DependsCondition } from './model.ts'
import { pathOf, readMounts } from './mounts.ts'
import type { Part } from './part.ts'
import { readPorts } from './ports.ts'
import { bytes, commandLine, decimal, duration, hosts, oneOrMore, pairs, restartPolicy, ulimits } from './values.ts'

/** The keys of a service as they are written, each with what its reader gives. */
interface Raw {
  image: string
  command: string[]
  entrypoint: string[]
  environment: Record<string, string>
  env_file: Record<string, string>
  ports: ComposeService['ports']
  volumes: ComposeMount[]
  configs: ComposeMount[]
  networks: ComposeService['networks']
  depends_on: ComposeService['dependsOn']
  healthcheck: ComposeService['healthcheck']
  restart: ComposeService['restart']
  labels: Record<string, string>
  user: string
  read_only: boolean
  init: boolean
  cap_add: string[]
  cap_drop: string[]
  security_opt: string[]
  mem_limit: number
  pids_limit: number
  cpus: number
  ulimits: ComposeService['ulimits']
  tmpfs: string[]
  extra_hosts: string[]
  expose: string[]
  logging: ComposeService['logging']
  working_dir: string
  hostname: string
  stop_grace_period: number
  stop_signal: string
}

export interface ServiceContext {
  /** The folder that relative paths count from. */
  dir: string
  /** The file's top-level `configs`, by key: a path of the host. */
  configs: Record<string, string>
}

export function readService(part: Part, context: ServiceContext): ComposeService | undefined {
  const raw = part.shape<Raw>({
    image: (one) => one.text(),
    command: commandLine,
    entrypoint: commandLine,
    environment: pairs,
    env_file: (one) => readEnvFiles(one, context.dir),
    ports: readPorts,
    volumes: (one) => readMounts(one, context.dir),
    configs: (one) => readConfigMounts(one, context.configs),
    networks: readNetworks,
    depends_on: readDependsOn,
    healthcheck: readHealthcheck,
    restart: restartPolicy,
    labels: pairs,
    user: (one) => one.text(),
    read_only: (one) => one.flag(),
    init: (one) => one.flag(),
    cap_add: (one) => one.texts(),
    cap_drop: (one) => one.texts(),
    security_opt: (one) => one.texts().map((text) => text.replace('=', ':')),
    mem_limit: bytes,
    pids_limit: (one) => one.whole(),
    cpus: decimal,
    ulimits,
    tmpfs: oneOrMore,
    extra_hosts: hosts,
    expose: (one) => one.texts(),
    logging: readLogging,
    working_dir: (one) => one.text(),
    hostname: (one) => one.text(),
    stop_grace_period: duration,
    stop_signal: (one) => one.text(),
  })
  if (!raw.image) return part.fault('has no image, and otel-lab builds none')
  const { image, command, entrypoint, healthcheck, restart, user, logging, hostname } = raw
  const { mem_limit, pids_limit, cpus, working_dir, stop_grace_period, stop_signal } = raw
  return {
    image,
    environment: { ...raw.env_file, ...raw.environment },
    ports: raw.ports ?? [],
    mounts: [...(raw.volumes ?? []), ...(raw.configs ?? [])],
    networks: raw.networks ?? { default: { aliases: [] } },
    dependsOn: raw.depends_on ?? {},
    labels: raw.labels ?? {},
    readOnly: raw.read_only ?? false,
    init: raw.init ?? false,
    capAdd: raw.cap_add ?? [],
    capDrop: raw.cap_drop ?? [],
    securityOpt: raw.security_opt ?? [],
    ulimits: raw.ulimits ?? [],
    tmpfs: raw.tmpfs ?? [],
    extraHosts: raw.extra_hosts ?? [],
    ...(command && { command }),
    ...(entrypoint && { entrypoint }),
    ...(healthcheck && { healthcheck }),
    ...(restart && { restart }),
    ...(user && { user }),
    ...(logging && { logging }),
    ...(hostname && { hostname }),
    ...(mem_limit !== undefined && { memoryBytes: mem_limit }),
    ...(pids_limit !== undefined && { pidsLimit: pids_limit }),
    ...(cpus !== undefined && { cpus }),
    ...(working_dir && { workingDir: working_dir }),
    ...(stop_grace_period !== undefined && { stopGraceSeconds: Math.ceil(stop_grace_period / 1000) }),
    ...(stop_signal && { stopSignal: stop_signal }),
  }
}

/** Files of `KEY=value` lines; of several the later wins. */
function readEnvFiles(part: Part, dir: string): Record<string, string> {
  const files = part.isList ? part.items() : [part]
  const read = files.map((file) => {
    const { path, required = true } = file.isMap
      ? file.shape<{ path: string; required: boolean }>({ path: (one) => one.text(), required: (one) => one.flag() })
      : { path: file.text() }
    try {
      return parseEnv(readFileSync(pathOf(path ?? '', dir), 'utf8')) as Record<string, string>
    } catch (error) {
      if (required) file.fault(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`)
      return {}
    }
  })
  return Object.assign({}, ...read)
}

/** A config is a file of the host, mounted read-only at `/<its key>` or at its target. */
function readConfigMounts(part: Part, configs: Record<string, string>): ComposeMount[] {
  return part.items().flatMap((item) => {
    const long = item.isMap
      ? item.shape<{ source: string; target: string }>({ source: (one) => one.text(), target: (one) => one.text() })
      : { source: item.text() }
    const { source = '' } = long
    const file = Object.hasOwn(configs, source) ? configs[source]! : undefined
    if (file === undefined) {
      item.fault(`names the config ${JSON.stringify(source)}, which the file does not have`)
      return []
    }
    return [{ type: 'bind' as const, source: file, target: long.target ?? `/${source}`, readOnly: true }]
  })
}

/** A list of networks, or a map with the names by which the service answers there. */
function readNetworks(part: Part): ComposeService['networks'] {
  if (part.isList) return Object.fromEntries(part.texts().map((name) => [name, { aliases: [] }]))
  const read = (one: Part) => one.shape<{ aliases: string[] }>({ aliases: (list) => list.texts() })
  return Object.fromEntries(part.entries().map(([name, one]) => [name, { aliases: [], ...read(one) }]))
}

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully'] as const

/** A list of services, or a map that says what of each is waited for. */
function readDependsOn(part: Part): ComposeService['dependsOn'] {
  if (part.isList) {
    return Object.fromEntries(part.texts().map((name) => [name, { condition: 'service_started', required: true }]))
  }
  return Object.fromEntries(
    part.entries().map(([name, one]) => {
      const { condition = 'service_started', required = true } = one.shape<{
        condition: DependsCondition
        required: boolean
        restart: boolean
      }>({
        condition: (text) => text.parsed((word) => CONDITIONS.find((known) => known === word), CONDITIONS.join(', ')),
        required: (flag) => flag.flag(),
        restart: (flag) => flag.flag(),
      })
      return [name, { condition, required }]
    }),
  )
}

function readLogging(part: Part): ComposeService['logging'] {
  const { driver = 'json-file', options = {} } = part.shape<{ driver: string; options: Record<string, string> }>({
    driver: (one) => one.text(),
    options: pairs,
  })
  return { driver, options }
}
