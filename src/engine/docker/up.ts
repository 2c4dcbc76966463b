import type { ContainerInfo } from 'dockerode'
import type { Replaced, UpEvent } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { applyConfig, configChanged, configText } from './apply.ts'
import { carryFiles, removeCarried } from './carry.ts'
import { containerSpec } from './container-spec.ts'
import { createContainer, labContainers, removeContainer, startContainer } from './containers.ts'
import { mayEnd, waitForCondition } from './dependencies.ts'
import {
  portsOfEarlierProjects,
  refuseForeign,
  refuseTakenPorts,
  refuseUnreachable,
  removeEarlierProjects,
} from './foreign.ts'
import type { PullPolicy } from './images.ts'
import { keep } from './kept.ts'
import type { DockerLab } from './lab.ts'
import { LABEL } from './labels.ts'
import { inOrder } from './project.ts'
import { ensureImages } from './pull.ts'
import { openToServices } from './readable.ts'
import { waitUntilReady } from './ready.ts'
import { ensureResources, type Made, undoResources } from './resources.ts'
import { seesFolders } from './seen.ts'
import { clearLeftovers } from './validate.ts'

export interface UpOptions {
  pull: PullPolicy
  env: Record<string, string | undefined>
  tell: (event: Omit<UpEvent, 'elapsedMs'>) => void
  /** Called once nothing stands in the way, before anything is made. */
  onCommit: (carried: boolean) => Promise<void>
  replaces?: Replaced
  signal?: AbortSignal
}

/**
 * Brings the project up and changes only what changed. When a service does not start, all that this call made goes
 * again; one that runs on with its old config after a new one was refused is told at the end.
 */
export async function bringUp(found: DockerLab, options: UpOptions): Promise<void> {
  const { tell, pull, signal, replaces } = options
  refuseUnreachable(found)
  const lab = { ...found, carried: !(await seesFolders(found)) || (await openToServices(found)).length > 0 }
  await refuseForeign(lab)
  await clearLeftovers(lab)
  const there = await labContainers(lab)
  const order = inOrder(lab.project)
  const idle = order.filter((service) => there.get(service)?.State !== 'running')
  // Before anything is pulled: what this lab itself holds until now will be free.
  await refuseTakenPorts(lab, idle, [...(replaces?.ports ?? []), ...(await portsOfEarlierProjects(lab))])
  const images = await ensureImages(lab, {
    pull,
    env: options.env,
    onProgress: (progress, services) =>
      tell({ service: services[0] as UpEvent['service'], state: 'pulling', pull: progress }),
    ...(signal ? { signal } : {}),
  })
  const plans = new Map(order.map((service) => [service, planOf(lab, service, there.get(service), images)]))
  await replaces?.stop()
  await removeEarlierProjects(lab)
  await refuseTakenPorts(lab, idle, [])
  await options.onCommit(lab.carried)
  const made: Made & { containers: string[] } = { networks: [], volumes: [], containers: [] }
  const refused: LabError[] = []
  const failed = new AbortController()
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  try {
    await ensureResources(lab, made)
    const started = new Map<string, Promise<string>>()
    const all = order.map((service) => {
      const run = begin(service)
      started.set(service, run.started)
      return run.ready
    })
    // Every one is seen to its end, so that nothing is made after it was taken away.
    const results = await Promise.allSettled(all)
    const broken = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown)
    if (broken.length > 0) throw signal?.aborted ? signal.reason : failed.signal.reason

    function begin(service: string): { started: Promise<string>; ready: Promise<void> } {
      const startedOne = start(service)
      const ready = startedOne
        .then((id) => settle(service, id))
        .catch((error) => {
          failed.abort(error)
          throw error
        })
      startedOne.catch(() => {})
      return { started: startedOne, ready }
    }

    async function start(service: string): Promise<string> {
      for (const [other, { condition }] of Object.entries(lab.project.file.services[service]!.dependsOn)) {
        const id = await started.get(other)
        if (id !== undefined) await waitForCondition(lab, other, id, condition, either)
      }
      either.throwIfAborted()
      const plan = plans.get(service)!
      const old = there.get(service)
      if (plan === 'keep') return old!.Id
      tell({ service: service as UpEvent['service'], state: 'starting' })
      if (plan === 'recreate') await removeContainer(lab, old!.Id, service)
      if (lab.carried) await carryFiles(lab, service)
      if (plan === 'start') {
        await startContainer(lab, service, lab.docker.getContainer(old!.Id))
        return old!.Id
      }
      const container = await createContainer(lab, service)
      made.containers.push(container.id)
      await startContainer(lab, service, container)
      return container.id
    }

    async function settle(service: string, id: string): Promise<void> {
      const wait = { signal: either, mayEnd: mayEnd(lab, service) }
      const plan = plans.get(service)!
      if (plan === 'keep' && (await configChanged(lab, service, id))) {
        tell({ service: service as UpEvent['service'], state: 'starting' })
        try {
          await applyConfig(lab, service, there.get(service)!, wait)
        } catch (error) {
          if (!(error instanceof LabError) || error.code !== 'config-refused') throw error
          refused.push(error)
          return tell({ service: service as UpEvent['service'], state: 'failed', detail: error.message })
        }
      } else {
        const text = plan === 'keep' ? undefined : await configText(lab, service)
        await waitUntilReady(lab, service, lab.docker.getContainer(id), wait)
        if (text !== undefined) await keep(lab, service, id, text)
      }
      tell({ service: service as UpEvent['service'], state: 'ready' })
    }
  } catch (error) {
    // What the daemon cannot do now, since it is gone, the next up or down finds by its labels.
    await Promise.allSettled(made.containers.map((id) => removeContainer(lab, id)))
    await undoResources(lab, made).catch(() => {})
    if (lab.carried) await removeCarried(lab).catch(() => {})
    throw error
  }
  if (refused.length > 0) throw stillOld(refused)
}

type Plan = 'keep' | 'start' | 'create' | 'recreate'

function planOf(lab: DockerLab, service: string, there: ContainerInfo | undefined, images: Map<string, string>): Plan {
  if (there === undefined) return 'create'
  const wanted = containerSpec(lab, service)
  const same =
    there.Labels[LABEL.configHash] === wanted.Labels![LABEL.configHash] &&
    there.ImageID === images.get(lab.project.file.services[service]!.image)
  if (!same) return 'recreate'
  if (there.State === 'running') return 'keep'
  // Bound to a kept copy, or in some odd state: a new one is as good and surely right.
  const plain = there.Labels[LABEL.rolledBack] === undefined && ['created', 'exited'].includes(there.State)
  return plain ? 'start' : 'recreate'
}

function stillOld(refused: readonly LabError[]): LabError {
  const hints = refused.flatMap(({ hint }) => (hint ? [hint] : []))
  return new LabError('service-failed', refused.map(({ message }) => message).join('\n'), {
    hint: [...new Set(hints), 'Then: otel-lab up'].join('\n'),
    exit: EXIT.failed,
  })
}
