import type { ContainerCreateOptions } from 'dockerode'
import { resolveConfig } from '../../collector-config.ts'
import type { ConfigProblem } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { isAlive } from '../../util/process-alive.ts'
import { containerSpec } from './container-spec.ts'
import { unless } from './containers.ts'
import { type DockerLine, demux } from './demux.ts'
import { daemonError, statusOf } from './errors.ts'
import { imagesMissing } from './images.ts'
import type { DockerLab } from './lab.ts'
import { LABEL, ofProject } from './labels.ts'
import { tarOf } from './tar.ts'
import { saidByValidate } from './validate-output.ts'

const SERVICE = 'otel-collector'
const VALIDATE_MS = 30_000

/**
 * Asks the collector of the image itself: `validate` in a container of its own, with the text in place of the lab's
 * file and no network. What our own reader knows adds the line and the way out.
 */
export async function validateCollectorConfig(lab: DockerLab, text: string): Promise<ConfigProblem[]> {
  try {
    const { code, output } = await runOnce(lab, text)
    return saidByValidate(code, output, resolveConfig(text, process.env).diagnostics)
  } catch (error) {
    const { image } = lab.project.file.services[SERVICE]!
    if (statusOf(error) === 404) throw imagesMissing([{ image, services: [SERVICE] }])
    throw await daemonError(error, 'let the collector look at the config', lab.host)
  }
}

/**
 * The text goes in through the daemon, so that no umask, no label and no other machine keeps it from being read. The
 * daemon removes the container when it ends, also when nobody waits for it any more.
 */
async function runOnce(lab: DockerLab, text: string): Promise<{ code: number; output: string }> {
  const spec = containerSpec(lab, SERVICE)
  const container = await lab.docker.createContainer({
    ...spec,
    name: `${lab.project.name}-${SERVICE}-validate-${process.pid}-${Date.now().toString(36)}`,
    Cmd: ['validate', ...(spec.Cmd ?? [])],
    Labels: { ...spec.Labels, [LABEL.oneOff]: 'True' },
    AttachStdout: true,
    AttachStderr: true,
    ExposedPorts: {},
    HostConfig: {
      ...spec.HostConfig,
      NetworkMode: 'none',
      PortBindings: {},
      Mounts: [],
      Binds: [],
      ReadonlyRootfs: false,
      RestartPolicy: { Name: 'no' },
      AutoRemove: true,
    },
    NetworkingConfig: {},
  })
  let started = false
  try {
    await container.putArchive(asFile(pathInside(spec), text), { path: '/' })
    const stream = await container.attach({ stream: true, stdout: true, stderr: true })
    const output = readOutput(stream)
    const ended = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>
    // Both are awaited below; one that fails first must not be a failure that nobody handles.
    await Promise.race([container.start(), Promise.all([output, ended])])
    started = true
    const late = setTimeout(() => void container.kill().catch(() => {}), VALIDATE_MS)
    const [{ StatusCode }, said] = await Promise.all([ended, output]).finally(() => clearTimeout(late))
    return { code: StatusCode, output: said }
  } finally {
    if (!started) await container.remove({ force: true }).catch(unless(404, 409))
  }
}

/** Where the collector reads its config, by its own command line. */
function pathInside({ Cmd = [] }: ContainerCreateOptions): string {
  const path = Cmd.map((word) => /^--?config=(?:file:)?(\/.+)$/.exec(word)?.[1]).find((found) => found !== undefined)
  if (path !== undefined) return path
  throw new LabError('compose-invalid', `compose.yaml gives ${SERVICE} no --config=/PATH in its command`)
}

function asFile(path: string, text: string): Buffer {
  const parts = path.split('/').slice(1)
  const folders = parts.slice(0, -1).map((_, i) => ({ path: parts.slice(0, i + 1).join('/') }))
  return tarOf([...folders, { path: parts.join('/'), content: text }])
}

async function readOutput(stream: NodeJS.ReadableStream): Promise<string> {
  const reader = demux()
  const lines: DockerLine[] = []
  for await (const chunk of stream) lines.push(...reader.take(chunk as Buffer))
  return [...lines, ...reader.rest()].map(({ text }) => text).join('\n')
}

/** What a command that was killed left: a container that was made and not started. */
export async function clearLeftovers(lab: DockerLab): Promise<void> {
  const filters = ofProject(lab.project.name, { [LABEL.oneOff]: 'True', [LABEL.root]: lab.project.root })
  const found = await lab.docker.listContainers({ all: true, filters })
  const left = found.filter(({ Names }) => !isAlive(Number(/-validate-(\d+)-/.exec(Names[0] ?? '')?.[1])))
  await Promise.all(left.map(({ Id }) => lab.docker.getContainer(Id).remove({ force: true }).catch(unless(404, 409))))
}
