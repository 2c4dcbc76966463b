import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import type { Attempt } from './attempt.ts'
import type { Report } from './check.ts'
import type { CheckResult } from './verdict.ts'

/** What a pass rests on, so that somebody else can look again. */
export interface Evidence {
  check: string
  seen: string
  query?: string
  traceId?: string
}

export interface LastCheck {
  at: string
  verdict: Report['verdict']
  failed: { id: string; case?: string }[]
}

export interface ExerciseProgress {
  checks: number
  passedAt?: string
  passedRun?: string
  evidence?: Evidence[]
  last?: LastCheck
  hintsShown?: number
  solutionAsked?: number
  /** Done by --apply before it was passed. */
  applied?: boolean
}

type Progress = Record<string, ExerciseProgress>

export interface ProgressPaths {
  progressFile: string
  /** Where the open attempt of an exercise is kept. */
  attemptFile(slug: string): string
}

/** What a learner has done, in the lab folder. Every write is whole or not at all. */
export function openProgress(paths: ProgressPaths) {
  async function all(): Promise<Progress> {
    const text = await readFile(paths.progressFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}'
      throw error
    })
    try {
      return JSON.parse(text) as Progress
    } catch (error) {
      throw new LabError('state-broken', `${paths.progressFile} is not JSON: ${(error as Error).message}`, {
        hint: `rm ${paths.progressFile}`,
        cause: error,
      })
    }
  }
  async function patch(slug: string, change: Partial<ExerciseProgress>): Promise<void> {
    const before = await all()
    const merged = { ...before, [slug]: { checks: 0, ...before[slug], ...change } }
    await writeFileAtomic(paths.progressFile, `${JSON.stringify(merged, undefined, 2)}\n`)
  }
  return {
    all,
    patch,
    of: async (slug: string): Promise<ExerciseProgress> => (await all())[slug] ?? { checks: 0 },
    async record(slug: string, report: Report, now: Date): Promise<void> {
      const { checks, last } = await this.of(slug)
      const { verdict, results, runId } = report
      const at = now.toISOString()
      const failed = results
        .filter((one) => one.verdict !== 'passed')
        .map(({ id, case: name }) => ({ id, ...(name ? { case: name } : {}) }))
      const isNew = JSON.stringify(failed) !== JSON.stringify(last?.failed)
      await patch(slug, {
        checks: checks + 1,
        last: { at, verdict, failed },
        // A new failure begins its hints anew.
        ...(verdict === 'passed'
          ? { passedAt: at, passedRun: runId, evidence: results.map(evidenceOf) }
          : isNew && { hintsShown: 0 }),
      })
    },
    async reset(slug: string): Promise<void> {
      const { [slug]: _, ...rest } = await all()
      await writeFileAtomic(paths.progressFile, `${JSON.stringify(rest, undefined, 2)}\n`)
      await rm(paths.attemptFile(slug), { force: true })
    },
    /** The attempt that still waits for answers, if it is of the last half hour. */
    async openAttempt(slug: string, now: number): Promise<Attempt | undefined> {
      const text = await readFile(paths.attemptFile(slug), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      try {
        const attempt = JSON.parse(text) as Attempt
        return now - attempt.endedAt < KEPT_MS && Array.isArray(attempt.traces) ? attempt : undefined
      } catch {
        return undefined
      }
    },
    async keepAttempt(slug: string, attempt: Attempt): Promise<void> {
      await makeDir(dirname(paths.attemptFile(slug)))
      await writeFileAtomic(paths.attemptFile(slug), `${JSON.stringify(attempt)}\n`)
    },
    async closeAttempt(slug: string): Promise<void> {
      await rm(paths.attemptFile(slug), { force: true })
    },
  }
}

const KEPT_MS = 30 * 60_000

const evidenceOf = ({ id, seen, query, traceId }: CheckResult): Evidence => ({
  check: id,
  seen,
  ...(query ? { query } : {}),
  ...(traceId ? { traceId } : {}),
})
