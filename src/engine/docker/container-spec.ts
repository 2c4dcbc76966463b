import { createHash } from 'node:crypto'
import type { ContainerCreateOptions } from 'dockerode'
import type { ComposeHealthcheck, ComposeService } from './compose/model.ts'
import type { DockerLab } from './lab.ts'
import { COMPOSE_VERSION, LABEL } from './labels.ts'
import { mountsOf } from './mounts.ts'
import { containerName, networkName, type Project, projectDir } from './project.ts'

const NANOS = 1e6

type SpecLab = Pick<DockerLab, 'project' | 'facts' | 'carried'>

/** What the daemon is asked to make for a service (Docker Engine API, ContainerCreate). */
export function containerSpec(lab: SpecLab, name: string, instead?: Record<string, string>): ContainerCreateOptions {
  const { project } = lab
  const service = project.file.services[name]!
  const spec = withoutLabels(lab, name, service)
  const { Mounts, Binds } = mountsOf(lab, name, instead)
  return {
    ...spec,
    HostConfig: { ...spec.HostConfig, Mounts, Binds },
    name: containerName(project, name),
    Labels: {
      ...service.labels,
      [LABEL.project]: project.name,
      [LABEL.service]: name,
      [LABEL.number]: '1',
      [LABEL.oneOff]: 'False',
      [LABEL.configHash]: hashOf(spec, service.labels),
      [LABEL.files]: project.path,
      [LABEL.dir]: projectDir(project),
      [LABEL.dependsOn]: Object.entries(service.dependsOn)
        .map(([other, { condition }]) => `${other}:${condition}:false`)
        .join(','),
      [LABEL.version]: COMPOSE_VERSION,
      [LABEL.root]: project.root,
      [LABEL.machine]: project.machine,
    },
  }
}

/** Two services with the same hash are the same, so that a second `up` leaves the first one's container alone. */
function hashOf(spec: ContainerCreateOptions, labels: Record<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([spec, labels]))
    .digest('hex')
}

function withoutLabels(lab: SpecLab, name: string, service: ComposeService): ContainerCreateOptions {
  const { command, entrypoint, user, workingDir, hostname, stopSignal, stopGraceSeconds, healthcheck } = service
  return {
    Image: service.image,
    Env: Object.entries(service.environment).map(([key, value]) => `${key}=${value}`),
    ExposedPorts: Object.fromEntries(service.ports.map(({ target, protocol }) => [`${target}/${protocol}`, {}])),
    ...(command && { Cmd: command }),
    ...(entrypoint && { Entrypoint: entrypoint }),
    ...(user && { User: user }),
    ...(workingDir && { WorkingDir: workingDir }),
    ...(hostname && { Hostname: hostname }),
    ...(stopSignal && { StopSignal: stopSignal }),
    ...(stopGraceSeconds !== undefined && { StopTimeout: stopGraceSeconds }),
    ...(healthcheck && { Healthcheck: healthcheckSpec(healthcheck) }),
    HostConfig: { ...hostConfig(lab, service), ...mountsOf(lab, name) },
    NetworkingConfig: { EndpointsConfig: firstNetwork(lab.project, name, service) },
  }
}

function hostConfig(
  { project, facts }: SpecLab,
  service: ComposeService,
): NonNullable<ContainerCreateOptions['HostConfig']> {
  const { memoryBytes, pidsLimit, cpus, restart, logging } = service
  const [network] = Object.keys(service.networks)
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {}
  for (const { target, protocol, hostIp, published } of service.ports) {
    const key = `${target}/${protocol}`
    bindings[key] = [...(bindings[key] ?? []), { HostIp: hostIp, HostPort: published === 0 ? '' : String(published) }]
  }
  return {
    NetworkMode: network === undefined ? 'none' : networkName(project, network),
    PortBindings: bindings,
    ReadonlyRootfs: service.readOnly,
    Init: service.init,
    CapAdd: service.capAdd,
    CapDrop: service.capDrop,
    SecurityOpt: service.securityOpt,
    Tmpfs: Object.fromEntries(service.tmpfs.map((text) => cutAt(facts.podman ? withoutOwner(text) : text, ':'))),
    ExtraHosts: service.extraHosts,
    Ulimits: service.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    ...(memoryBytes !== undefined && { Memory: memoryBytes }),
    ...(pidsLimit !== undefined && { PidsLimit: pidsLimit }),
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    ...(restart && { RestartPolicy: { Name: restart.name, MaximumRetryCount: restart.retries } }),
    ...(logging && { LogConfig: { Type: logging.driver, Config: logging.options } }),
  }
}

/** The daemon takes one network at creation; the others are joined before the start. */
function firstNetwork(project: Project, name: string, service: ComposeService) {
  const [first] = Object.entries(service.networks)
  if (first === undefined) return {}
  const [key, { aliases }] = first
  return { [networkName(project, key)]: { Aliases: [name, ...aliases] } }
}

/** Times in nanoseconds; what is left out is the image's own or the daemon's default. */
function healthcheckSpec({ test, intervalMs, timeoutMs, startPeriodMs, retries }: ComposeHealthcheck) {
  return {
    ...(test.length > 0 && { Test: test }),
    ...(intervalMs !== undefined && { Interval: intervalMs * NANOS }),
    ...(timeoutMs !== undefined && { Timeout: timeoutMs * NANOS }),
    ...(startPeriodMs !== undefined && { StartPeriod: startPeriodMs * NANOS }),
    ...(retries !== undefined && { Retries: retries }),
  }
}

/** Podman knows no owner of a tmpfs; what Docker needs it for, `placesForTmpfs` does there. */
function withoutOwner(tmpfs: string): string {
  return tmpfs.replace(/,[ug]id=\d+/g, '').replace(/:[ug]id=\d+,?/, ':')
}

function cutAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
