import { randomBytes, randomInt } from 'node:crypto'
import { httpRequest } from '../util/http.ts'
import type { StepResult } from './attempt.ts'
import type { DriveStep, OutageStep } from './exercise.ts'
import type { AttemptEvent, ExerciseLab, ProgramStep } from './lab.ts'
import { type SaidLine, saidLine } from './said.ts'

export interface DriveContext {
  lab: ExerciseLab
  runId: string
  onEvent: (event: AttemptEvent) => void
  /** Filled while it runs. */
  said: SaidLine[]
  named: string[]
  asked: string[]
  /** Undefined once one of the programs could not tell. */
  ports: number[] | undefined
  /** One of them was told another way than the lab's. */
  elsewhere: boolean
  /** Process ids of the programs. */
  pids: number[]
}

const TIMEOUT_S = 60
const KEPT_CHARS = 64 * 1024

/** A program, or a request: what has a result. */
export type RunStep = Exclude<DriveStep, OutageStep>

export function driveStep(context: DriveContext, step: RunStep): Promise<StepResult> {
  return 'request' in step ? sendRequests(context, step) : runProgram(context, step)
}

/** How a learner would type it. */
export function shownStep(step: RunStep): string {
  if ('demo' in step) return step.demo === 'normal' ? 'otel-lab run' : `otel-lab run --demo ${step.demo}`
  if ('app' in step) return [step.app, ...(step.args ?? [])].join(' ')
  return 'command' in step ? step.command.join(' ') : `${step.method ?? 'GET'} ${step.request}`
}

async function runProgram(context: DriveContext, step: ProgramStep): Promise<StepResult> {
  const { lab, runId, onEvent, said } = context
  const isDemo = 'demo' in step
  const seeded = isDemo && step.seed === 'random' ? { ...step, seed: randomInt(1, 2 ** 20) } : step
  const timeoutMs = (step.timeout ?? TIMEOUT_S) * 1000
  let output = ''
  const what = isDemo ? 'the app' : shownStep(step)
  onEvent({ at: lab.now(), text: `${what} starts, run ${runId}` })
  lab.onWait(`${what} runs${isDemo ? ` (${step.demo})` : ''}`)
  const { exitCode, startedAt, endedAt, ports, elsewhere } = await lab
    .run({
      step: seeded,
      runId,
      timeoutMs,
      onStart: (pid) => context.pids.push(pid),
      onLine: (line) => {
        output = `${output}${line}\n`.slice(-KEPT_CHARS)
        const one = saidLine(line)
        if (!one) return
        said.push(one)
        if (isDemo && one.traceId) context.named.push(one.traceId)
      },
    })
    .finally(() => lab.onWait(undefined))
  if (ports) context.ports?.push(...ports)
  else context.ports = undefined
  if (elsewhere) context.elsewhere = true
  const asMeant = isDemo && step.demo === 'stress' && exitCode === 1 ? ': some scans failed, as they should' : ''
  const timedOut = endedAt.getTime() - startedAt.getTime() >= timeoutMs
  const ended = timedOut
    ? `was still running after ${timeoutMs / 1000} s, and was ended`
    : `has ended with exit code ${exitCode}${asMeant}`
  onEvent({ at: endedAt.getTime(), text: `${what} ${ended}` })
  return {
    name: step.name ?? (isDemo ? step.demo : shownStep(step)),
    shown: shownStep(step),
    kind: isDemo ? 'demo' : 'program',
    startedAt: startedAt.getTime(),
    endedAt: endedAt.getTime(),
    exitCode,
    timedOut,
    output,
  }
}

/** Each with a traceparent of the lab's making, so that what it causes is found again by its trace id. */
async function sendRequests(
  { lab, runId, onEvent, asked }: DriveContext,
  step: Extract<DriveStep, { request: string }>,
): Promise<StepResult> {
  const { request: url, method = 'GET', body, headers, times = 1 } = step
  const startedAt = lab.now()
  let exitCode = -1
  let output = ''
  for (let i = 0; i < times; i++) {
    const traceId = randomBytes(16).toString('hex')
    asked.push(traceId)
    const answer = await httpRequest(url, {
      method,
      headers: {
        ...headers,
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
        baggage: `otel_lab.run.id=${runId}`,
      },
      timeoutMs: (step.timeout ?? TIMEOUT_S) * 1000,
      ...(body === undefined ? {} : { body }),
      ...(lab.signal ? { signal: lab.signal } : {}),
    }).catch((error: Error) => {
      lab.signal?.throwIfAborted()
      return error
    })
    exitCode = answer instanceof Error ? -1 : answer.status
    output = `${output}${answer instanceof Error ? answer.message : answer.text}\n`.slice(-KEPT_CHARS)
  }
  const endedAt = lab.now()
  onEvent({ at: endedAt, text: `${shownStep(step)} was answered with ${exitCode}` })
  return {
    name: step.name ?? shownStep(step),
    shown: shownStep(step),
    kind: 'request',
    startedAt,
    endedAt,
    exitCode,
    timedOut: false,
    output,
  }
}
