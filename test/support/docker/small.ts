import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker, { type ContainerInspectInfo } from 'dockerode'
import { createDockerEngine, type DockerEngineOptions } from '../../../src/engine/docker.ts'
import type { Engine } from '../../../src/engine.ts'
import { findWorkspace, type Workspace } from '../../../src/workspace.ts'
import { freePortOffset } from '../lab.ts'
import { BASE } from './images.ts'

export interface SmallLab {
  engine: Engine
  workspace: Workspace
  docker: Docker
  project: string
  portOffset: number
  /** Rewrites the compose file. */
  rewrite(services: string): Promise<void>
  /** What the daemon has of the project: containers of any state, networks, volumes. */
  left(): Promise<{ containers: string[]; networks: string[]; volumes: string[] }>
  inspect(service: string): Promise<ContainerInspectInfo>
  another(options: Partial<DockerEngineOptions>): Engine
  close(): Promise<void>
}

/** A service of the base image that runs a line of JavaScript; YAML's flow style keeps it on one line. */
export const node = (script: string, rest = '') =>
  `{ image: "${BASE}", entrypoint: [/usr/bin/node, -e], command: [${JSON.stringify(script)}], stop_grace_period: 1s${rest && `, ${rest}`} }`

/** A lab with a compose file of its own: services by name, in flow style. */
export async function smallLab(host: string, services: string): Promise<SmallLab> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-small-')))
  const workspace = await findWorkspace({ cwd: dir, create: true, env: {} })
  const portOffset = await freePortOffset()
  const project = `otel-lab-small-${portOffset}`
  const composePath = join(dir, 'compose.yaml')
  const docker = new Docker({ socketPath: host.replace('unix://', '') })
  const write = (text: string) => writeFile(composePath, `services:\n${text}\n`)
  await write(services)
  const another: SmallLab['another'] = (options) =>
    createDockerEngine(workspace, {
      portOffset,
      project,
      composePath,
      env: { ...process.env, DOCKER_HOST: host },
      ...options,
    })
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${project}`] })
  const engine = another({})
  return {
    engine,
    workspace,
    docker,
    project,
    portOffset,
    another,
    rewrite: write,
    async left() {
      const containers = await docker.listContainers({ all: true, filters })
      const networks = await docker.listNetworks({ filters })
      const { Volumes } = await docker.listVolumes({ filters })
      return {
        containers: containers.map(({ Names }) => Names[0]!.slice(1)).sort(),
        networks: networks.map(({ Name }) => Name),
        volumes: (Volumes ?? []).map(({ Name }) => Name),
      }
    },
    inspect: (service) => docker.getContainer(`${project}-${service}-1`).inspect(),
    async close() {
      await engine.down({ volumes: true }).catch(() => {})
      await rm(dir, { recursive: true, force: true })
    },
  }
}
