import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EXIT, LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import type { Attempt } from './attempt.ts'
import type { Report } from './check.ts'
import { type Evidence, type Pass, passFault } from './evidence.ts'
import type { Exercise } from './exercise.ts'
import { openJudging } from './judging.ts'
import type { ExerciseProgress, Happened } from './progress-entry.ts'
import { openProgressFile } from './progress-file.ts'
import { openSeals, type Seal, sealFault } from './seal.ts'

export interface ProgressPaths {
  progressFile: string
  /** Where the open attempt of an exercise is kept, by its key. */
  attemptFile(key: string): string
  /** What the values of parameters are drawn from. */
  learnerFile: string
  /** The keys that evidence is signed with. */
  keysDir: string
}

/** What of an exercise names it in the learner's files. */
export type Keyed = Pick<Exercise, 'slug' | 'course'>

/** The built-in course's exercises go by their slug alone, as they always did. */
const BUILT_IN = 'otel-lab'
export const progressKey = ({ slug, course }: Keyed) => (course === BUILT_IN ? slug : `${course}/${slug}`)
const keyedOf = (key: string): Keyed => {
  const at = key.lastIndexOf('/')
  return at < 0 ? { course: BUILT_IN, slug: key } : { course: key.slice(0, at), slug: key.slice(at + 1) }
}

/** What a learner has done, in the lab folder. Every write is whole or not at all; two at once lose nothing. */
export function openProgress(paths: ProgressPaths) {
  const file = openProgressFile(paths.progressFile)
  const seals = openSeals(paths.keysDir)
  const attemptFile = (exercise: Keyed) => paths.attemptFile(progressKey(exercise))

  /** By key; a pass that is not as the lab has written it is told as such, and is none. */
  async function all(): Promise<Record<string, ExerciseProgress>> {
    const entries = Object.entries(await file.read())
    if (entries.every(([, { passedAt, pass }]) => passedAt === undefined && pass === undefined)) {
      return Object.fromEntries(entries)
    }
    const lab = await seals.labId()
    return Object.fromEntries(entries.map(([key, entry]) => [key, judged(entry, keyedOf(key), lab)]))
  }
  const of = async (exercise: Keyed): Promise<ExerciseProgress> => (await all())[progressKey(exercise)] ?? { checks: 0 }
  const change = (exercise: Keyed, how: (before: ExerciseProgress) => Partial<ExerciseProgress>) =>
    file.change(progressKey(exercise), how)

  return {
    all,
    of,
    /** How far a check that is under way has come. */
    judging: openJudging(join(dirname(paths.progressFile), 'judging.json')),
    /** The id of the lab that signs here; a class may ask for it before the course. */
    labId: seals.labId,
    patch: (exercise: Keyed, patch: Partial<ExerciseProgress>) => change(exercise, () => patch),
    async record(exercise: Exercise, report: Report, evidence: Evidence[], now: Date): Promise<void> {
      const { verdict, results, runId } = report
      const at = now.toISOString()
      const failed = results
        .filter((one) => one.verdict !== 'passed')
        .map(({ id, case: name }) => ({ id, ...(name ? { case: name } : {}) }))
      const { course, slug, digest, changed } = exercise
      const edges = exercise.checks.filter(({ when }) => when === 'edge').map(({ id }) => id)
      const happened: Record<string, Happened> = {}
      for (const { id, seen } of results.filter((one) => edges.includes(one.id) && one.verdict === 'passed')) {
        const data = { course, slug, digest, id, seen, at }
        happened[id] = { seen, at, digest, seal: await seals.seal(runId, data) }
      }
      const applied = (await of(exercise)).applied === true
      const origin = report.origin ?? 'unknown'
      const pass: Pass = { course, slug, digest, changed, runId, at, applied, origin, evidence }
      const passed =
        verdict === 'passed' ? { passedAt: at, passedRun: runId, pass, seal: await seals.seal(runId, pass) } : undefined
      await change(exercise, (before) => ({
        checks: before.checks + 1,
        last: { at, verdict, failed },
        happened: { ...before.happened, ...happened },
        // A new failure begins its hints anew.
        ...(passed ?? (JSON.stringify(failed) !== JSON.stringify(before.last?.failed) && { hintsShown: 0 })),
      }))
    },
    /** What `edge` checks have seen in earlier attempts at the exercise as it is now. */
    async happened({ course, slug, digest }: Exercise): Promise<Record<string, string>> {
      const known = Object.entries((await of({ course, slug })).happened ?? {})
      if (known.length === 0) return {}
      const lab = await seals.labId()
      const sound = known.filter(
        ([id, { seen, at, digest: of, seal }]) =>
          of === digest && sealFault({ course, slug, digest, id, seen, at }, seal, lab) === undefined,
      )
      return Object.fromEntries(sound.map(([id, { seen }]) => [id, seen]))
    },
    async reset(exercise: Keyed): Promise<void> {
      // Other values the next time.
      await file.replace(progressKey(exercise), ({ round }) =>
        round === undefined ? undefined : { checks: 0, round: round + 1 },
      )
      await rm(attemptFile(exercise), { force: true })
    },
    /** What the values of an exercise's parameters are drawn from. */
    async draw(exercise: Keyed): Promise<{ learner: string; round: number }> {
      const { round } = await of(exercise)
      if (round === undefined) await change(exercise, () => ({ round: 0 }))
      return { learner: await learnerOf(paths.learnerFile), round: round ?? 0 }
    },
    newRound: (exercise: Keyed) => change(exercise, ({ round = 0 }) => ({ round: round + 1 })),
    /**
     * The attempt that still waits for answers, if it is of the last half hour. Throws LabError `attempt-changed`
     * when it is not as the lab has written it last.
     */
    async openAttempt(exercise: Keyed, now: number): Promise<Attempt | undefined> {
      const text = await readFile(attemptFile(exercise), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      const { attempt, seal } = readAttempt(text)
      const fault =
        attempt === undefined
          ? 'it cannot be read'
          : (sealFault(attempt, seal, await seals.labId()) ??
            (seal!.runId !== attempt.runId ? 'it is of another attempt' : undefined) ??
            ((await seals.isNewest(seal!)) ? undefined : 'it is an older copy'))
      if (fault === undefined) return now - attempt!.endedAt < KEPT_MS ? attempt : undefined
      throw new LabError('attempt-changed', `the attempt that was kept does not count: ${fault}`, {
        hint: `Make a new one: otel-lab exercise ${exercise.slug} --check`,
        exit: EXIT.failed,
      })
    },
    async keepAttempt(exercise: Keyed, attempt: Attempt): Promise<void> {
      await makeDir(dirname(attemptFile(exercise)))
      const before = readAttempt(await readFile(attemptFile(exercise), 'utf8').catch(() => '')).attempt
      if (before && before.runId !== attempt.runId) await seals.drop(before.runId)
      const seal = await seals.seal(attempt.runId, attempt)
      await writeFileAtomic(attemptFile(exercise), `${JSON.stringify({ attempt, seal })}\n`)
    },
    /** Nothing can be signed for it any more. */
    async closeAttempt(exercise: Keyed, runId: string): Promise<void> {
      await rm(attemptFile(exercise), { force: true })
      await seals.drop(runId)
    },
  }
}

/** A pass counts as long as it is as it was signed, and what stands beside it says the same. */
function judged(entry: ExerciseProgress, exercise: Keyed, lab: string): ExerciseProgress {
  const { passedAt, passedRun, pass, seal, distrust: _, ...rest } = entry
  if (passedAt === undefined && pass === undefined) return rest
  const fault =
    passFault(pass, seal, exercise, lab) ??
    (pass!.at !== passedAt || pass!.runId !== passedRun ? 'it is not as it was signed' : undefined)
  if (fault) return { ...rest, distrust: fault }
  return {
    ...rest,
    passedAt: pass!.at,
    passedRun: pass!.runId,
    pass: pass!,
    seal: seal!,
    ...(pass!.applied ? { applied: true } : {}),
  }
}

function readAttempt(text: string): { attempt?: Attempt; seal?: Seal } {
  try {
    const { attempt, seal } = JSON.parse(text) as { attempt?: Attempt; seal?: Seal }
    return attempt && Array.isArray(attempt.steps) ? { attempt, ...(seal ? { seal } : {}) } : {}
  } catch {
    return {}
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
