import type { Course, Exercise } from '../exercises.ts'
import type { RobotLab } from './lab.ts'
import { type PlayOptions, playHints, playState } from './play.ts'
import { statesOf } from './states.ts'
import type { OpenTerminal } from './terminal.ts'

export interface Played {
  exercise: number
  slug: string
  state: string
  kind: string
  faults: string[]
  ms: number
}

export interface CourseTest {
  course: Course
  /** Only this one. */
  only?: Exercise
  /** Only states whose name holds this. */
  state?: string
  /** As many labs at once. */
  parallel: number
  program: string
  terminals: OpenTerminal | undefined
  openLab(): Promise<RobotLab>
  now(): number
  onPlayed(played: Played): void
  signal: AbortSignal
}

/** Plays every state of every exercise, each exercise in a lab of its own. */
export async function testCourse(options: CourseTest): Promise<Played[]> {
  const { course, only, parallel } = options
  const waiting = only ? [only] : [...course.exercises]
  const all: Played[] = []
  const work = async () => {
    for (let exercise = waiting.shift(); exercise !== undefined; exercise = waiting.shift()) {
      all.push(...(await playExercise(options, exercise)))
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, waiting.length) }, work))
  return all.sort((a, b) => a.exercise - b.exercise)
}

async function playExercise(options: CourseTest, exercise: Exercise): Promise<Played[]> {
  const { terminals, program, openLab, now, onPlayed, signal, state: wanted = '' } = options
  const lab = await openLab()
  const played: Played[] = []
  const play = async (state: string, kind: string, work: () => Promise<string[]>) => {
    signal.throwIfAborted()
    const began = now()
    const faults = await work().catch((error: Error) => {
      signal.throwIfAborted()
      return [`it could not be played: ${error.message}`]
    })
    const one = { exercise: exercise.number, slug: exercise.slug, state, kind, faults, ms: now() - began }
    played.push(one)
    onPlayed(one)
  }
  try {
    const at: PlayOptions = { lab, exercise, terminals, program }
    for (const state of statesOf(exercise).filter(({ name }) => name.includes(wanted)))
      await play(state.name, state.kind, () => playState(at, state))
    if (wanted === '')
      await play('what its hints tell to type can be typed', 'hints', async () => (await playHints(at)).faults)
  } finally {
    await lab.close()
  }
  return played
}
