import { readFile } from 'node:fs/promises'
import type { Container } from 'dockerode'
import { EXIT, LabError } from '../../errors.ts'
import { carryFiles } from './carry.ts'
import { createContainer, removeContainer, restartContainer, startContainer } from './containers.ts'
import { type Kept, keep, readKept } from './kept.ts'
import { configOf, type DockerLab } from './lab.ts'
import { LABEL } from './labels.ts'
import { letServicesRead } from './readable.ts'
import { type WaitOptions, waitUntilReady } from './ready.ts'
import { validateCollectorConfig } from './validate.ts'

/** The text of a service's config in the lab, if it has one. Throws LabError `config-missing`. */
export async function configText(lab: DockerLab, service: string): Promise<string | undefined> {
  const path = configOf(lab, service)
  if (path === undefined) return undefined
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LabError('config-missing', `cannot read ${path}: ${error.code ?? error.message}`, {
      hint: 'Put the shipped one back with: otel-lab up',
      cause: error,
    })
  })
}

/** Whether a running container's config is another one than the lab's file has now. */
export async function configChanged(lab: DockerLab, service: string, id: string): Promise<boolean> {
  const text = await configText(lab, service)
  return text !== undefined && (await readKept(lab, service, id))?.text !== text
}

/**
 * Lets a service run with the config that is in the lab now: the collector's is validated first, and when the service
 * does not come up with it, it runs again with the text before. Throws LabError `config-refused`, the old one up.
 */
export async function applyConfig(
  lab: DockerLab,
  service: string,
  current: { Id: string; Labels: Record<string, string> },
  options: WaitOptions = {},
): Promise<void> {
  const text = await configText(lab, service)
  await letServicesRead(lab)
  const before = await readKept(lab, service, current.Id)
  if (service === 'otel-collector' && text !== undefined && text !== before?.text) await refuseInvalid(lab, text)
  let container = lab.docker.getContainer(current.Id)
  try {
    if (lab.carried) await carryFiles(lab, service)
    if (current.Labels[LABEL.rolledBack] === undefined) {
      await restartContainer(lab, service, container)
    } else {
      // It is bound to the kept copy: only a new one reads the lab's file again.
      container = await recreate(lab, service, container.id)
    }
    await waitUntilReady(lab, service, container, options)
    if (text !== undefined) await keep(lab, service, container.id, text)
  } catch (error) {
    if (before === undefined || before.text === text || options.signal?.aborted) throw error
    throw await rollBack(lab, service, container.id, before, error)
  }
}

async function recreate(lab: DockerLab, service: string, id: string, kept?: string): Promise<Container> {
  await removeContainer(lab, id, service)
  const container = await createContainer(lab, service, kept)
  await startContainer(lab, service, container)
  return container
}

async function refuseInvalid(lab: DockerLab, text: string): Promise<void> {
  const problems = await validateCollectorConfig(lab, text)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (first === undefined) return
  const path = configOf(lab, 'otel-collector')
  const lines = errors.map(({ message, line }) => `${path}${line === undefined ? '' : `:${line}`}: ${message}`)
  throw new LabError('config-refused', `the collector refuses its config\n${lines.join('\n')}`, {
    hint: first.hint ?? 'otel-lab config diff',
    exit: EXIT.failed,
  })
}

/** The file in the lab is the learner's and stays; the container is bound to the kept copy until the next good one. */
async function rollBack(lab: DockerLab, service: string, id: string, before: Kept, error: unknown): Promise<unknown> {
  if (!(error instanceof LabError) || !['service-failed', 'not-ready'].includes(error.code)) return error
  if (lab.carried) await carryFiles(lab, service, { [configOf(lab, service)!]: before.text })
  const container = await recreate(lab, service, id, before.dir)
  const again = await waitUntilReady(lab, service, container).then(
    () => keep(lab, service, container.id, before.text).then(() => undefined),
    (why: Error) => why,
  )
  const now = again === undefined ? `${service} runs on with its old config.` : `${service} is down: ${again.message}`
  return new LabError('config-refused', `${error.message}\n${now}`, {
    ...(error.hint ? { hint: error.hint } : {}),
    exit: EXIT.failed,
    cause: error,
  })
}
