import { readdir, rm } from 'node:fs/promises'
import { resolveConfig } from '../../collector-config.ts'
import type { ConfigProblem } from '../../engine.ts'
import { makeDir, writeFileAtomic } from '../../util/atomic-write.ts'
import { isAlive } from '../../util/process-alive.ts'
import { containerSpec } from './container-spec.ts'
import { unless } from './containers.ts'
import { demux } from './demux.ts'
import { daemonError, statusOf } from './errors.ts'
import { imagesMissing } from './images.ts'
import { configOf, type DockerLab, keptPath } from './lab.ts'
import { LABEL, ofProject } from './labels.ts'
import { saidByValidate } from './validate-output.ts'

const SERVICE = 'otel-collector'
const VALIDATE_MS = 30_000

/**
 * Asks the collector of the image itself: `validate` in a container of its own, with the text in place of the lab's
 * file and no network. What our own reader knows adds the line and the way out.
 */
export async function validateCollectorConfig(lab: DockerLab, text: string): Promise<ConfigProblem[]> {
  const path = keptPath(lab, `candidate-${process.pid}.yaml`)
  await makeDir(keptPath(lab))
  await writeFileAtomic(path, text)
  try {
    const { code, output } = await runOnce(lab, path)
    return saidByValidate(code, output, resolveConfig(text, process.env).diagnostics)
  } catch (error) {
    const { image } = lab.project.file.services[SERVICE]!
    if (statusOf(error) === 404) throw imagesMissing([{ image, services: [SERVICE] }])
    throw await daemonError(error, 'let the collector look at the config', lab.host)
  } finally {
    await rm(path, { force: true })
  }
}

async function runOnce(lab: DockerLab, configPath: string): Promise<{ code: number; output: string }> {
  const spec = containerSpec(lab.project, SERVICE)
  const mounts = spec.HostConfig!.Mounts!.filter(({ Source }) => Source === configOf(lab, SERVICE))
  const container = await lab.docker.createContainer({
    ...spec,
    name: `${lab.project.name}-${SERVICE}-validate-${process.pid}-${Date.now().toString(36)}`,
    Cmd: ['validate', ...(spec.Cmd ?? [])],
    Labels: { ...spec.Labels, [LABEL.oneOff]: 'True' },
    ExposedPorts: {},
    HostConfig: {
      ...spec.HostConfig,
      NetworkMode: 'none',
      PortBindings: {},
      Mounts: mounts.map((mount) => ({ ...mount, Source: configPath })),
      RestartPolicy: { Name: 'no' },
    },
    NetworkingConfig: {},
  })
  try {
    await container.start()
    const late = setTimeout(() => void container.kill().catch(() => {}), VALIDATE_MS)
    const { StatusCode } = (await container.wait().finally(() => clearTimeout(late))) as { StatusCode: number }
    const raw = (await container.logs({ stdout: true, stderr: true, follow: false })) as unknown as Buffer
    const reader = demux()
    const lines = [...reader.take(raw), ...reader.rest()]
    return { code: StatusCode, output: lines.map(({ text }) => text).join('\n') }
  } finally {
    await container.remove({ force: true }).catch(unless(404, 409))
  }
}

/** What a command that was killed left: its one-off container and the text that it looked at. */
export async function clearLeftovers(lab: DockerLab): Promise<void> {
  const filters = ofProject(lab.project.name, { [LABEL.oneOff]: 'True', [LABEL.root]: lab.project.root })
  const found = await lab.docker.listContainers({ all: true, filters })
  const left = found.filter(({ Names }) => !isAlive(Number(/-validate-(\d+)-/.exec(Names[0] ?? '')?.[1])))
  await Promise.all(left.map(({ Id }) => lab.docker.getContainer(Id).remove({ force: true }).catch(unless(404, 409))))
  for (const name of await readdir(keptPath(lab)).catch(() => [])) {
    const pid = /^candidate-(\d+)/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(keptPath(lab, name), { force: true })
  }
}
