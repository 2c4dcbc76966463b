import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorFacts, LabError } from '../../errors.ts'
import { httpRequest } from '../../util/http.ts'
import { isAlive } from '../../util/process-alive.ts'

/** What the run file says; see src/embedded.ts. The token lets its reader command the process. */
export interface RunFile {
  pid: number
  port: number
  token: string
  portOffset: number
  startedAt: string
  /** When the program that it runs was built, in milliseconds. */
  build?: number
}

export interface Problem {
  code: string
  message: string
  hint?: string
  facts?: ErrorFacts
}

export interface SeatStatus {
  name: 'otel-collector' | 'tempo' | 'prometheus' | 'loki'
  state: 'starting' | 'ready' | 'unhealthy' | 'stopped'
  ports: Record<string, number>
  startedAt?: string
  problem?: Problem
  changed: boolean
  damaged: string[]
}

export interface ProcessStatus {
  pid: number
  startedAt: string
  portOffset: number
  memoryBytes: number
  services: SeatStatus[]
}

/** A busy machine lets a process wait for long; one that is stopped never answers. */
const HUNG_MS = 15_000
/** After a connection was closed without an answer: so often and so long to see whether the process ends. */
const RESET_TRIES = 8
const RESET_MS = 250

export async function readRunFile(path: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

/** The background process's own status, or undefined when it is not there. Throws LabError `lab-hung` when it does not answer. */
export async function askStatus(run: RunFile | undefined): Promise<ProcessStatus | undefined> {
  if (run === undefined || !isAlive(run.pid)) return undefined
  try {
    return (await call(run, 'GET', '/status', HUNG_MS)) as ProcessStatus
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ETIMEDOUT') {
      throw new LabError('lab-hung', `the lab's process ${run.pid} does not answer`, {
        hint: 'otel-lab down, which ends it by force, then: otel-lab up',
        cause: error,
      })
    }
    if (code === 'ECONNRESET') return afterReset(run, error)
    // The pid was given anew, or it is just going away.
    if (code === 'ECONNREFUSED' || code === 'unauthorized') return undefined
    throw error
  }
}

/** It is just going away, or it cannot take connections: out of file descriptors, it closes each at once. */
async function afterReset(run: RunFile, error: unknown): Promise<ProcessStatus | undefined> {
  for (let tries = 0; tries < RESET_TRIES; tries++) {
    await sleep(RESET_MS)
    if (!isAlive(run.pid)) return undefined
    const answer = await call(run, 'GET', '/status', 5_000).catch((again: NodeJS.ErrnoException) => again)
    if (!(answer instanceof Error)) return answer as ProcessStatus
    const code = (answer as NodeJS.ErrnoException).code
    if (code === 'ECONNREFUSED' || code === 'unauthorized') return undefined
  }
  throw new LabError(
    'lab-hung',
    `the lab's process ${run.pid} runs, but closes every connection: it has no file descriptors left`,
    {
      hint: 'Close what is connected to it, or raise the limit: ulimit -n 4096\notel-lab down, then: otel-lab up',
      cause: error,
    },
  )
}

/** Throws the LabError that the process answered with. */
export async function call(run: RunFile, method: 'GET' | 'POST', path: string, timeoutMs = 30_000): Promise<unknown> {
  const answer = await httpRequest(`http://127.0.0.1:${run.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${run.token}` },
    timeoutMs,
  })
  if (answer.status === 401) throw Object.assign(new Error('not our process'), { code: 'unauthorized' })
  const body = JSON.parse(answer.text)
  if (answer.status >= 400) {
    const { code, message, hint, exit } = body.error
    throw new LabError(code, message, { ...(hint ? { hint } : {}), ...(exit ? { exit } : {}) })
  }
  return body
}
