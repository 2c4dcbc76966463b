/** The labels by which Compose finds what belongs to a project; what bears them it shows, stops and removes. */
export const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  image: 'com.docker.compose.image',
  files: 'com.docker.compose.project.config_files',
  dir: 'com.docker.compose.project.working_dir',
  dependsOn: 'com.docker.compose.depends_on',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  /** Ours: the lab folder that a container serves. Absent when Compose made it. */
  root: 'dev.otel-lab.root',
  /** Ours: the machine that has that folder; several may share one daemon. */
  machine: 'dev.otel-lab.machine',
  /** Ours: it runs with a kept copy of an older config, since the one in the lab was refused. */
  rolledBack: 'dev.otel-lab.rolled-back',
} as const

/** Of the Compose whose labels these are: it treats a container without one as foreign. */
export const COMPOSE_VERSION = '2.39.0'

export type Labels = Record<string, string>

export function ofProject(project: string, more: Labels = {}): string {
  const labels = { [LABEL.project]: project, ...more }
  return JSON.stringify({ label: Object.entries(labels).map(([key, value]) => `${key}=${value}`) })
}
