import type { ContainerInfo } from 'dockerode'
import type { DownOptions } from '../../engine.ts'
import { removeCarried } from './carry.ts'
import { projectContainers, removeContainer } from './containers.ts'
import { forgetKept } from './kept.ts'
import { type DockerLab, isOurs } from './lab.ts'
import { LABEL } from './labels.ts'
import { removeResources } from './resources.ts'
import { clearLeftovers } from './validate.ts'

/** Removes what is this lab's and nothing else; what Compose made of the project is this lab's too. */
export async function takeDown(lab: DockerLab, options: DownOptions): Promise<void> {
  const containers = (await projectContainers(lab)).filter(({ Labels }) => isOurs(lab, Labels))
  const remove = ({ Id, Labels }: ContainerInfo) => removeContainer(lab, Id, Labels[LABEL.service])
  const isHub = ({ Labels }: ContainerInfo) => Labels[LABEL.service] === 'otel-collector'
  // The collector first: it still has a place to send what it holds.
  await Promise.all(containers.filter(isHub).map(remove))
  await Promise.all(containers.filter((one) => !isHub(one)).map(remove))
  await clearLeftovers(lab)
  await removeCarried(lab)
  await removeResources(lab, options)
  await forgetKept(lab)
}
