import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../errors.ts'
import type { DependsCondition } from './compose/model.ts'
import { containerFailed } from './failure.ts'
import type { DockerLab } from './lab.ts'
import { inspect } from './ready.ts'

const POLL_MS = 100
const WAIT_MS = 120_000

/** Whether a service does its work and ends: another waits for its end. */
export function mayEnd(lab: DockerLab, service: string): boolean {
  return Object.values(lab.project.file.services).some(
    ({ dependsOn }) => dependsOn[service]?.condition === 'service_completed_successfully',
  )
}

/** Waits until a started service is what the one that depends on it asks for. Throws LabError `service-failed`. */
export async function waitForCondition(
  lab: DockerLab,
  service: string,
  containerId: string,
  condition: DependsCondition,
  signal: AbortSignal,
): Promise<void> {
  if (condition === 'service_started') return
  const container = lab.docker.getContainer(containerId)
  const deadline = Date.now() + WAIT_MS
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    const info = await inspect(lab, service, container)
    const { Status, ExitCode, Health } = info.State
    if (condition === 'service_completed_successfully') {
      if (Status === 'exited' && ExitCode === 0) return
      if (Status === 'exited' || Status === 'dead') throw await containerFailed(service, container, info)
    } else {
      if (Health === undefined) throw noHealthcheck(service)
      if (Health.Status === 'healthy') return
      if (Health.Status === 'unhealthy' || Status !== 'running') throw unhealthy(service, Health)
    }
    await sleep(POLL_MS, undefined, { signal })
  }
  throw new LabError('not-ready', `${service} is not ${condition.slice('service_'.length)} after ${WAIT_MS / 1000} s`, {
    hint: `otel-lab logs ${service} --tail 20`,
  })
}

function noHealthcheck(service: string): LabError {
  return new LabError('compose-invalid', `others wait until ${service} is healthy, but it has no health check`, {
    hint: 'Give it a healthcheck in compose.yaml, or wait for service_started',
  })
}

function unhealthy(service: string, health: { Log?: { Output?: string }[] }): LabError {
  const said = health.Log?.at(-1)?.Output?.trim()
  return new LabError('service-failed', `${service} is unhealthy${said ? `: ${said}` : ''}`, {
    hint: `otel-lab logs ${service} --tail 20`,
  })
}
