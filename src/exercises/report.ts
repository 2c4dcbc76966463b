import type { Course } from './catalog.ts'
import { type Evidence, lookAgain, type Pass, passFault } from './evidence.ts'
import type { Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import { progressKey } from './progress.ts'
import type { ExerciseProgress } from './progress-entry.ts'
import type { Seal } from './seal.ts'
import type { Progress } from './session.ts'

/** What somebody has done in a course, with what each pass rests on. Plain data; it can be checked by others. */
export interface CourseReport {
  course: string
  madeAt: string
  /** The public key of the lab that signed the passes. */
  labId: string
  exercises: ReportedExercise[]
}

export interface ReportedExercise {
  number: number
  slug: string
  title: string
  goal: string
  state: 'passed' | 'tried' | 'new'
  checks: number
  hints: number
  /** By --apply, and not by hand. */
  applied: boolean
  /** Not as it was shipped when it was passed. */
  changed: boolean
  /** A pass that is not as the lab has signed it, and why; it counts for nothing. */
  distrust?: string
  passedAt?: string
  /** Of the OTCA, domain/competency. */
  competencies?: string[]
  evidence: (Evidence & { title: string })[]
  pass?: Pass
  seal?: Seal
}

export async function reportOf(course: Course, progress: Progress, now: Date): Promise<CourseReport> {
  const [all, labId] = await Promise.all([progress.all(), progress.labId()])
  return {
    course: course.name,
    madeAt: now.toISOString(),
    labId,
    exercises: course.exercises.map((exercise) => reported(exercise, all[progressKey(exercise)] ?? { checks: 0 })),
  }
}

function reported(exercise: Exercise, known: ExerciseProgress): ReportedExercise {
  const { number, slug, title, goal, checks, competencies } = exercise
  const { pass, seal, distrust, passedAt, applied = false, hintsShown = 0 } = known
  const titleOf = (id: string) => checks.find((check) => check.id === id)?.title ?? id
  return {
    number,
    slug,
    title,
    goal,
    state: passedAt ? 'passed' : known.checks > 0 || applied ? 'tried' : 'new',
    checks: known.checks,
    hints: hintsShown,
    applied: pass?.applied ?? applied,
    changed: pass?.changed ?? exercise.changed,
    evidence: (pass?.evidence ?? []).map((one) => ({ ...one, title: titleOf(one.check) })),
    ...(competencies ? { competencies } : {}),
    ...(distrust ? { distrust } : {}),
    ...(passedAt ? { passedAt } : {}),
    ...(pass ? { pass } : {}),
    ...(seal ? { seal } : {}),
  }
}

export interface Verified {
  number: number
  title: string
  /** signed: as the lab wrote it, and Tempo, where it still has the traces, gives the same spans. */
  state: 'signed' | 'not-signed' | 'other-trace'
  why?: string
  /** Of the traces that it rests on: given again the same, or not kept any more. */
  same: number
  gone: number
}

/**
 * Checks each pass of a report: its signature, by the key of the lab that the report names, and its traces, where a
 * lab is there to be asked. A report's reader who knows the lab's id compares it with the report's.
 */
export async function verifyReport(report: CourseReport, lab: ExerciseLab | undefined): Promise<Verified[]> {
  const passed = report.exercises.filter(({ state, pass, distrust }) => state === 'passed' || pass || distrust)
  return Promise.all(
    passed.map(async ({ number, title, slug, pass, seal, distrust }): Promise<Verified> => {
      const base = { number, title, same: 0, gone: 0 }
      const fault = distrust ?? passFault(pass, seal, { course: report.course, slug }, report.labId)
      if (fault) return { ...base, state: 'not-signed', why: fault }
      const seen = lab ? await lookAgain(lab, pass!) : []
      const count = (state: string) => seen.filter((one) => one.state === state).length
      const told = { ...base, same: count('same'), gone: count('gone') }
      return count('other') > 0
        ? { ...told, state: 'other-trace', why: 'Tempo has other spans under that trace id' }
        : { ...told, state: 'signed' }
    }),
  )
}
