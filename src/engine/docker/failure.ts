import type { Container, ContainerInspectInfo } from 'dockerode'
import { EXIT, LabError } from '../../errors.ts'
import { CONFIG_FILES } from '../../util/lab-layout.ts'
import { demux } from './demux.ts'

const LAST_LINES = 12
/** The reason stands at a line's end: one that is longer than any screen loses its middle. */
const MAX_SHOWN = 4_000

/** The newest lines that a container wrote, both streams in their order. */
export async function lastLines(container: Container, since?: string, tail = LAST_LINES): Promise<string[]> {
  const raw = await container.logs({
    stdout: true,
    stderr: true,
    follow: false,
    tail,
    ...(since && { since: Date.parse(since) / 1000 }),
  })
  const lines = demux().take(raw as Buffer)
  return lines.map(({ text }) => text).filter((text) => text.trim() !== '')
}

interface Reason {
  when: RegExp
  why: string
  hint(service: string): string
  config?: true
}

/** What the real services say when they give up, and what it means. The first that fits is told. */
const REASONS: Reason[] = [
  {
    when: /no space left on device/i,
    why: "the daemon's disk is full",
    hint: () => 'docker system df\nThen: docker image prune, or the stored telemetry: otel-lab down --volumes',
  },
  {
    when: /permission denied/i,
    why: 'it may not read or write one of its files; an old volume may belong to another user',
    hint: () => 'Remove the stored telemetry: otel-lab down --volumes\nThen: otel-lab up',
  },
  {
    when: /address already in use|EADDRINUSE/i,
    why: 'its config has two things listen on one port',
    hint: (service) => `otel-lab config diff ${fileKey(service)}`,
    config: true,
  },
  {
    when: /error decoding|unmarshal|failed to get config|invalid configuration|config(uration)? file|parsing YAML|yaml: |not found in type|unknown type|has invalid keys|error validating|references .* which/i,
    why: 'it refuses its config',
    hint: (service) => `otel-lab config diff ${fileKey(service)}\nOr: otel-lab config reset ${fileKey(service)}`,
    config: true,
  },
]

const fileKey = (service: string) => (service === 'otel-collector' ? 'collector' : service)

/** Why a container ended, with its last lines. Code `service-failed`; its exit says whether the config was at fault. */
export async function containerFailed(
  service: string,
  container: Container,
  { State, RestartCount, HostConfig }: ContainerInspectInfo,
): Promise<LabError> {
  const lines = await lastLines(container, State.StartedAt).catch(() => [])
  const said = (lines.length > 0 ? lines : await lastLines(container).catch(() => [])).slice(-LAST_LINES)
  const text = said.join('\n')
  const times = RestartCount > 0 ? `, and did so again ${RestartCount === 1 ? 'once' : `${RestartCount} times`}` : ''
  const ended = State.Error && State.ExitCode !== 0 ? `: ${State.Error}` : ''
  const reason = reasonOf(service, State, text, HostConfig?.Memory ?? 0)
  const head = `${service} ended with code ${State.ExitCode}${times}${ended}${reason.why ? `: ${reason.why}` : ''}`
  const shown = telling(said)
    .map((line) => `  ${bounded(withoutResource(line))}`)
    .join('\n')
  return new LabError('service-failed', shown === '' ? head : `${head}\nIts last lines:\n${shown}`, {
    hint: reason.hint,
    exit: reason.config ? EXIT.failed : EXIT.broken,
  })
}

/** The collector puts its whole resource behind every line, in one object with the error. */
function withoutResource(line: string): string {
  const at = line.lastIndexOf('\t{')
  if (at === -1) return line
  try {
    const { resource: _, ...rest } = JSON.parse(line.slice(at + 1)) as Record<string, unknown>
    const fields = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    return [line.slice(0, at), ...fields].join('\t')
  } catch {
    return line
  }
}

function bounded(line: string): string {
  const half = MAX_SHOWN / 2
  return line.length > MAX_SHOWN ? `${line.slice(0, half)} … ${line.slice(-half)}` : line
}

const MARKED = /^(Error|panic|fatal): |\t(error|fatal)\t|level=(error|fatal)/
/** A line of a log; one that is none goes on with what the line before it said. */
const RECORD = /^(\d{4}[-/]\d\d|ts=|time=|level=|caller=|\{)/

/** What is marked as an error, with the lines that go on with it, where there is some; else all. */
function telling(lines: readonly string[]): readonly string[] {
  let isError = false
  const errors = lines.filter((line) => {
    if (MARKED.test(line)) isError = true
    else if (RECORD.test(line)) isError = false
    return isError
  })
  return errors.length > 0 ? errors : lines
}

function reasonOf(
  service: string,
  state: ContainerInspectInfo['State'],
  text: string,
  memory: number,
): { why: string; hint: string; config: boolean } {
  const isConfigured = Object.hasOwn(CONFIG_FILES, service)
  if (state.OOMKilled) {
    const limit = memory > 0 ? ` of ${Math.round(memory / 2 ** 20)} MiB` : ''
    return {
      why: `it needed more memory than its limit${limit}`,
      hint: 'Send less at once, or remove the stored telemetry: otel-lab down --volumes',
      config: false,
    }
  }
  if (state.ExitCode === 126 || state.ExitCode === 127) {
    return { why: 'its image has not the program', hint: 'docker image inspect shows what it has', config: false }
  }
  const known = REASONS.find(({ when, config }) => when.test(text) && (!config || isConfigured))
  if (known) return { why: known.why, hint: known.hint(service), config: known.config === true }
  return { why: '', hint: `otel-lab logs ${service} --tail 50`, config: false }
}
