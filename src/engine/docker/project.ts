import { dirname } from 'node:path'
import type { ComposeFile } from './compose/model.ts'

/** A compose file under the name by which the daemon keeps its parts apart from others'. */
export interface Project {
  name: string
  file: ComposeFile
  /** Path of the compose file. */
  path: string
  /** The lab folder that it serves. */
  root: string
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
