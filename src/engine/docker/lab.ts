import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { CONFIG_FILES } from '../../util/lab-layout.ts'
import type { Workspace } from '../../workspace.ts'
import type { DaemonFacts } from './facts.ts'
import type { Labels } from './labels.ts'
import { LABEL } from './labels.ts'
import { ownName, type Project } from './project.ts'

/** A daemon and what of it belongs to one lab folder. */
export interface DockerLab {
  docker: Docker
  /** The daemon's address, for messages. */
  host: string
  project: Project
  workspace: Workspace
  facts: DaemonFacts
  /** It does not see our folders, or others may not: what a container shall read goes through the daemon. */
  carried: boolean
}

/** The learner's config file that a service runs with, if it has one. */
export function configOf(lab: DockerLab, service: string): string | undefined {
  const file = CONFIG_FILES[service as keyof typeof CONFIG_FILES] as (typeof CONFIG_FILES)['tempo'] | undefined
  return file === undefined ? undefined : lab.workspace.configPath(file)
}

/** Where the engine keeps what it knows of a service between two commands. */
export const keptPath = (lab: DockerLab, ...parts: string[]) => lab.workspace.statePath('run', 'docker', ...parts)

/**
 * Whether labels of our project are this lab's. Those of a folder of this machine that is gone are anyone's who has the
 * project now; one that we may not look into is not gone. What Compose made bears no lab folder: it is ours when it
 * was made of our compose file (networks and volumes do not say).
 */
export function isOurs({ project }: Pick<DockerLab, 'project'>, labels: Labels | null | undefined): boolean {
  const root = labels?.[LABEL.root]
  if (root === undefined) {
    const files = labels?.[LABEL.files]
    return files === undefined || files.split(',').some((file) => realPath(file) === realPath(project.path))
  }
  const machine = labels?.[LABEL.machine] ?? project.machine
  // A dev container that was made anew is another machine, with the name that the lab remembers.
  if (root === project.root) return machine === project.machine || project.name === ownName(root, machine)
  return machine === project.machine && isGone(join(root, '.otel-lab'))
}

function isGone(path: string): boolean {
  try {
    statSync(path)
    return false
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
