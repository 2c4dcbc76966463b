import { setTimeout as sleep } from 'node:timers/promises'
import type { Container } from 'dockerode'
import type { LogLine, LogsOptions, ServiceName } from '../../engine.ts'
import { labContainers } from './containers.ts'
import { type DockerLine, demux } from './demux.ts'
import { daemonError, statusOf } from './errors.ts'
import type { DockerLab } from './lab.ts'

const AGAIN_MS = 300

/** The services' logs as the daemon keeps them: first the past, in order of time, then what is added, across restarts. */
export async function* readLogs(lab: DockerLab, options: LogsOptions): AsyncGenerator<LogLine> {
  const { services, since, tail, signal } = options
  const containers = await labContainers(lab)
  const asked = services.filter((name) => lab.project.file.services[name] !== undefined)
  const past: LogLine[] = []
  const seen = new Map<ServiceName, number>()
  const began = Date.now()
  for (const service of asked) {
    const info = containers.get(service)
    if (info === undefined) continue
    const lines = await pastLines(lab, service, lab.docker.getContainer(info.Id), since)
    const wanted = tail === undefined ? lines : tail > 0 ? lines.slice(-tail) : []
    for (const line of wanted) past.push(line)
    seen.set(service, lines.at(-1)?.nanos ?? 0)
  }
  yield* past.sort((a, b) => a.time.getTime() - b.time.getTime()).map(plain)
  if (!options.follow || signal?.aborted) return
  yield* merge(
    asked.map((service) => (push) => follow(lab, service, seen.get(service) ?? began * 1e6, push, signal)),
    signal,
  )
}

interface TimedLine extends LogLine {
  /** Since the epoch; what a time in milliseconds cannot tell apart. */
  nanos: number
}

const plain = ({ service, time, text }: LogLine): LogLine => ({ service, time, text })

async function pastLines(
  lab: DockerLab,
  service: ServiceName,
  container: Container,
  since: Date | undefined,
): Promise<TimedLine[]> {
  try {
    const raw = await container.logs({
      stdout: true,
      stderr: true,
      timestamps: true,
      follow: false,
      ...(since && { since: since.getTime() / 1000 }),
    })
    const reader = demux()
    return [...reader.take(raw as unknown as Buffer), ...reader.rest()].map((line) => timed(service, line))
  } catch (error) {
    if (statusOf(error) === 404) return []
    throw await daemonError(error, `read the log of ${service}`, lab.host)
  }
}

/** `2026-01-31T12:00:00.123456789Z text`, as the daemon puts it with `timestamps`. */
function timed(service: ServiceName, { text }: DockerLine): TimedLine {
  const [, stamp, fraction = '0', rest] = /^(\S+?)(?:\.(\d+))?Z (.*)$/s.exec(text) ?? [undefined, '', '0', text]
  const seconds = Date.parse(`${stamp}Z`)
  const nanos = Number.isNaN(seconds) ? Date.now() * 1e6 : seconds * 1e6 + Number(fraction.padEnd(9, '0').slice(0, 9))
  return { service, time: new Date(Math.floor(nanos / 1e6)), nanos, text: rest ?? text }
}

/** Goes on when the container is restarted or made anew, until the signal. */
async function follow(
  lab: DockerLab,
  service: ServiceName,
  from: number,
  push: (line: LogLine) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let last = from
  while (!signal?.aborted) {
    try {
      const info = (await labContainers(lab)).get(service)
      if (info !== undefined) {
        const container = lab.docker.getContainer(info.Id)
        const stream = (await container.logs({
          stdout: true,
          stderr: true,
          timestamps: true,
          follow: true,
          since: Math.floor(last / 1e9),
        })) as unknown as NodeJS.ReadableStream & { destroy(): void }
        const end = () => stream.destroy()
        signal?.addEventListener('abort', end, { once: true })
        const reader = demux()
        for await (const chunk of stream) {
          for (const one of reader.take(chunk as Buffer)) {
            const line = timed(service, one)
            // `since` counts in seconds: what was told already comes again.
            if (line.nanos <= last) continue
            last = line.nanos
            push(plain(line))
          }
        }
        signal?.removeEventListener('abort', end)
      }
    } catch (error) {
      if (signal?.aborted) return
      // A container that is just being replaced ends its stream; a daemon that is gone is told.
      const told = await daemonError(error, `follow the log of ${service}`, lab.host)
      if ((told as { code?: string }).code === 'daemon-gone') {
        const alive = await lab.docker.ping().catch(() => undefined)
        if (alive === undefined) throw told
      } else if (statusOf(error) !== 404 && statusOf(error) !== 409) throw told
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => {})
  }
}

type Source = (push: (line: LogLine) => void) => Promise<void>

/** Lines of several sources as they come; the first failure of one ends it. */
async function* merge(sources: Source[], signal: AbortSignal | undefined): AsyncGenerator<LogLine> {
  const queue: LogLine[] = []
  let wake: () => void = () => {}
  let failure: { error: unknown } | undefined
  let open = sources.length
  for (const source of sources) {
    source((line) => {
      queue.push(line)
      wake()
    })
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => {
        open--
        wake()
      })
  }
  signal?.addEventListener('abort', () => wake(), { once: true })
  while (true) {
    yield* queue.splice(0)
    if (failure) throw failure.error
    if (open === 0 || signal?.aborted) return
    if (queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
