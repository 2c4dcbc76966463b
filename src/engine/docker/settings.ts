import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { SERVICES, type ServiceName } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { packageRoot } from '../../util/package-root.ts'
import type { Workspace } from '../../workspace.ts'
import { readCompose } from './compose/read.ts'
import { portVariables } from './ports.ts'
import { ownName, type Project } from './project.ts'

/** What `up` may be told of the docker engine; the lab remembers it. */
export interface DockerSettings {
  /** By which several labs share one daemon. */
  project?: string
  /** Other images than those of compose.yaml. */
  images?: Partial<Record<ServiceName, string>>
  /** Without it a smaller machine does better. */
  grafana?: boolean
  /** Found out by `up`: the daemon does not see the lab's folders. */
  carried?: boolean
}

const IMAGE_VARIABLES: Record<ServiceName, string> = {
  'otel-collector': 'OTEL_LAB_COLLECTOR_IMAGE',
  tempo: 'OTEL_LAB_TEMPO_IMAGE',
  prometheus: 'OTEL_LAB_PROMETHEUS_IMAGE',
  loki: 'OTEL_LAB_LOKI_IMAGE',
  grafana: 'OTEL_LAB_GRAFANA_IMAGE',
}

type Env = Record<string, string | undefined>

/** What the lab remembers, and over it what was said now. */
export async function rememberedSettings(workspace: Workspace, now: DockerSettings): Promise<DockerSettings> {
  const before = ((await workspace.state()).docker ?? {}) as DockerSettings
  const images = { ...before.images, ...now.images }
  return { ...before, ...now, ...(Object.keys(images).length > 0 && { images }) }
}

/** The lab's compose file, filled in for this lab folder. Throws LabError `compose-invalid` or `bad-project`. */
export async function loadProject(
  workspace: Pick<Workspace, 'root' | 'configsDir'>,
  options: DockerSettings & { portOffset: number; env: Env; composePath?: string },
): Promise<Project> {
  const { portOffset, env, images = {}, grafana = true } = options
  const path = options.composePath ?? join(packageRoot(), 'stack', 'compose.yaml')
  const variables: Env = { ...env, ...portVariables(portOffset, env), OTEL_LAB_CONFIGS: workspace.configsDir }
  for (const service of SERVICES) {
    const image = env[IMAGE_VARIABLES[service]] || images[service]
    if (image) variables[IMAGE_VARIABLES[service]] = image
  }
  const file = readCompose(await readFile(path, 'utf8'), path, variables)
  const machine = hostname()
  const name = options.project ?? (env.COMPOSE_PROJECT_NAME || file.name || ownName(workspace.root, machine))
  // Compose's own rule for a project's name.
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) {
    throw new LabError('bad-project', `${name} is no project name: lower-case letters, digits, - and _ only`, {
      hint: `otel-lab up --project ${
        name
          .toLowerCase()
          .replace(/[^a-z0-9_-]/g, '-')
          .replace(/^[-_]+/, '') || 'otel-lab'
      }`,
      exit: EXIT.usage,
    })
  }
  if (!grafana) delete file.services.grafana
  return { name, file, path, root: workspace.root, machine }
}
