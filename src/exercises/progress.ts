import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import type { Attempt } from './attempt.ts'
import type { Report } from './check.ts'
import type { Exercise } from './exercise.ts'
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
  /** What `edge` checks have seen: id -> what was seen. */
  happened?: Record<string, string>
  /** Counts up when parameters are drawn anew. */
  round?: number
}

/** What of an exercise names it in the learner's files. */
export type Keyed = Pick<Exercise, 'slug' | 'course'>

/** The built-in course's exercises go by their slug alone, as they always did. */
export const progressKey = ({ slug, course }: Keyed) => (course === 'otel-lab' ? slug : `${course}/${slug}`)

type Progress = Record<string, ExerciseProgress>

export interface ProgressPaths {
  progressFile: string
  /** Where the open attempt of an exercise is kept, by its key. */
  attemptFile(key: string): string
  /** What the values of parameters are drawn from. */
  learnerFile: string
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
  async function patch(exercise: Keyed, change: Partial<ExerciseProgress>): Promise<void> {
    const key = progressKey(exercise)
    const before = await all()
    const merged = { ...before, [key]: { checks: 0, ...before[key], ...change } }
    await writeFileAtomic(paths.progressFile, `${JSON.stringify(merged, undefined, 2)}\n`)
  }
  const of = async (exercise: Keyed): Promise<ExerciseProgress> => (await all())[progressKey(exercise)] ?? { checks: 0 }
  const attemptFile = (exercise: Keyed) => paths.attemptFile(progressKey(exercise))

  return {
    all,
    patch,
    of,
    async record(exercise: Exercise, report: Report, now: Date): Promise<void> {
      const { checks, last, happened } = await of(exercise)
      const { verdict, results, runId } = report
      const at = now.toISOString()
      const failed = results
        .filter((one) => one.verdict !== 'passed')
        .map(({ id, case: name }) => ({ id, ...(name ? { case: name } : {}) }))
      const isNew = JSON.stringify(failed) !== JSON.stringify(last?.failed)
      const edges = exercise.checks.filter(({ when }) => when === 'edge').map(({ id }) => id)
      const seen = results.filter(({ id, verdict: one }) => edges.includes(id) && one === 'passed')
      await patch(exercise, {
        checks: checks + 1,
        last: { at, verdict, failed },
        ...(seen.length > 0
          ? { happened: { ...happened, ...Object.fromEntries(seen.map(({ id, seen: what }) => [id, what])) } }
          : {}),
        // A new failure begins its hints anew.
        ...(verdict === 'passed'
          ? { passedAt: at, passedRun: runId, evidence: results.map(evidenceOf) }
          : isNew && { hintsShown: 0 }),
      })
    },
    async reset(exercise: Keyed): Promise<void> {
      const { [progressKey(exercise)]: before, ...rest } = await all()
      // Other values the next time.
      const kept =
        before?.round === undefined
          ? rest
          : { ...rest, [progressKey(exercise)]: { checks: 0, round: before.round + 1 } }
      await writeFileAtomic(paths.progressFile, `${JSON.stringify(kept, undefined, 2)}\n`)
      await rm(attemptFile(exercise), { force: true })
    },
    /** What the values of an exercise's parameters are drawn from. */
    async draw(exercise: Keyed): Promise<{ learner: string; round: number }> {
      const { round } = await of(exercise)
      if (round === undefined) await patch(exercise, { round: 0 })
      return { learner: await learnerOf(paths.learnerFile), round: round ?? 0 }
    },
    async newRound(exercise: Keyed): Promise<void> {
      await patch(exercise, { round: ((await of(exercise)).round ?? 0) + 1 })
    },
    /** The attempt that still waits for answers, if it is of the last half hour. */
    async openAttempt(exercise: Keyed, now: number): Promise<Attempt | undefined> {
      const text = await readFile(attemptFile(exercise), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      try {
        const attempt = JSON.parse(text) as Attempt
        return now - attempt.endedAt < KEPT_MS && Array.isArray(attempt.steps) ? attempt : undefined
      } catch {
        return undefined
      }
    },
    async keepAttempt(exercise: Keyed, attempt: Attempt): Promise<void> {
      await makeDir(dirname(attemptFile(exercise)))
      await writeFileAtomic(attemptFile(exercise), `${JSON.stringify(attempt)}\n`)
    },
    async closeAttempt(exercise: Keyed): Promise<void> {
      await rm(attemptFile(exercise), { force: true })
    },
  }
}

/** Made once for a lab. */
async function learnerOf(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (/^[0-9a-f]{32}\n$/.test(known)) return known.trim()
  const made = randomBytes(16).toString('hex')
  await makeDir(dirname(file))
  await writeFileAtomic(file, `${made}\n`)
  return made
}

const KEPT_MS = 30 * 60_000

const evidenceOf = ({ id, seen, query, traceId }: CheckResult): Evidence => ({
  check: id,
  seen,
  ...(query ? { query } : {}),
  ...(traceId ? { traceId } : {}),
})
