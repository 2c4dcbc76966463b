import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { CONFIG_FILES } from '../../util/lab-layout.ts'
import type { Workspace } from '../../workspace.ts'
import type { Labels } from './labels.ts'
import { LABEL } from './labels.ts'
import type { Project } from './project.ts'

/** A daemon and what of it belongs to one lab folder. */
export interface DockerLab {
  docker: Docker
  /** The daemon's address, for messages. */
  host: string
  project: Project
  workspace: Workspace
}

/** The learner's config file that a service runs with, if it has one. */
export function configOf(lab: DockerLab, service: string): string | undefined {
  const file = CONFIG_FILES[service as keyof typeof CONFIG_FILES] as (typeof CONFIG_FILES)['tempo'] | undefined
  return file === undefined ? undefined : lab.workspace.configPath(file)
}

/** Where the engine keeps what it knows of a service between two commands. */
export const keptPath = (lab: DockerLab, ...parts: string[]) => lab.workspace.statePath('run', 'docker', ...parts)

/**
 * Whether labels of our project are this lab's: Compose's own bear no lab folder, and those of a folder that is gone
 * are anyone's who has the project now.
 */
export function isOurs(lab: DockerLab, labels: Labels | undefined): boolean {
  const root = labels?.[LABEL.root]
  return root === undefined || root === lab.project.root || !existsSync(join(root, '.otel-lab'))
}
