import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import type { ComposeFile } from './compose/model.ts'

/** A compose file under the name by which the daemon keeps its parts apart from others'. */
export interface Project {
  name: string
  file: ComposeFile
  /** Path of the compose file. */
  path: string
  /** The lab folder that it serves. */
  root: string
  /** The name of the machine that has that folder. */
  machine: string
}

/**
 * The project's name unless the user gives one: the lab folder's, as Compose takes it, and a mark of its own, since
 * on a shared daemon the home of each has a folder `lab`.
 */
export function ownName(root: string, machine: string): string {
  const folder = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 40)
  const mark = createHash('sha256').update(`${machine}\n${root}`).digest('hex').slice(0, 6)
  return `${folder === '' || folder === 'lab' ? 'otel-lab' : folder}-${mark}`
}

export const projectDir = (project: Project) => dirname(project.path)

/** As Compose names them: `project-service-1`, `project_network`, `project_volume`. */
export const containerName = (project: Project, service: string) => `${project.name}-${service}-1`

export const networkName = (project: Project, key: string) =>
  project.file.networks[key]?.name ?? `${project.name}_${key}`

export const volumeName = (project: Project, key: string) => project.file.volumes[key]?.name ?? `${project.name}_${key}`

/** Services in an order in which each comes after those that it waits for. */
export function inOrder(project: Project): string[] {
  const { services } = project.file
  const order: string[] = []
  const visit = (name: string) => {
    if (order.includes(name)) return
    for (const other of Object.keys(services[name]!.dependsOn)) if (services[other]) visit(other)
    order.push(name)
  }
  for (const name of Object.keys(services)) visit(name)
  return order
}
