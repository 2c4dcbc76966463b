import type { Attempt } from '../attempt.ts'
import type { BrokenExercise } from '../catalog.ts'
import type { Exercise } from '../exercise.ts'
import type { ExerciseProgress } from '../progress-entry.ts'
import type { CheckResult } from '../verdict.ts'

/** What the learner looks at. */
export type View = 'task' | 'results' | 'hint' | 'queries' | 'diff' | 'list' | 'learned' | 'refused' | 'trouble'

export interface Listed {
  number: number
  slug: string
  title: string
  goal: string
  state: 'passed' | 'tried' | 'new' | 'broken'
}

export interface ConfigNote {
  state: 'applied' | 'refused' | 'applying'
  at: number
  text: string
  detail?: string
}

export interface Typing {
  key: string
  ask: string
  form: string
  text: string
  /** Given in this round already. */
  given: Record<string, string>
}

/** All that the loop knows. Plain data: the same events give the same state. */
export interface LoopState {
  exercise: Exercise
  known: ExerciseProgress
  list: readonly Listed[]
  broken: readonly BrokenExercise[]
  view: View
  scroll: number
  /** Of the check that runs or ran last, by id. */
  results: Readonly<Record<string, CheckResult & { at: number }>>
  attempt?: Attempt
  /** What happened in this attempt, as it happened. */
  timeline: readonly { at: number; text: string }[]
  /** While it is there, only leaving is taken. */
  busy?: string
  /** What is being waited for, within what is busy. */
  waiting?: string
  /** Answers that the attempt still wants. */
  open: readonly string[]
  guessesLeft?: number
  typing?: Typing
  config?: ConfigNote
  /** One line at the bottom, about the last key or event. */
  say?: string
  hints: readonly string[]
  hintsLeft?: number
  diff?: readonly string[]
  /** A key that asks to be pressed again. */
  armed?: 'reset' | 'next' | 'diff'
  /** Digits of an exercise's number, which others begin with as well. */
  picked?: string
  passed: boolean
  /** An edit or other telemetry came while something was busy. */
  pending?: { configs: boolean; check: boolean }
  trouble?: { message: string; hint?: string }
  quitting: boolean
}

export type LoopEvent =
  | { kind: 'key'; key: string }
  | {
      kind: 'opened'
      exercise: Exercise
      known: ExerciseProgress
      list: readonly Listed[]
      /** An earlier attempt that still waits for answers. */
      waiting?: { attempt: Attempt; open: readonly string[] }
    }
  | { kind: 'edited'; configs: boolean; programs: boolean; shown: string; at: number }
  | { kind: 'applied'; text: string; at: number; matters: boolean }
  | { kind: 'refused'; message: string; hint?: string; at: number }
  | { kind: 'traffic'; text: string }
  | { kind: 'step'; at: number; text: string }
  | { kind: 'driven'; attempt: Attempt }
  | { kind: 'waiting'; text?: string }
  | { kind: 'result'; result: CheckResult; at: number }
  | {
      kind: 'checked'
      verdict: CheckResult['verdict']
      attempt: Attempt
      open: readonly string[]
      guessesLeft?: number
      renewed?: Attempt
      known: ExerciseProgress
      list: readonly Listed[]
    }
  | { kind: 'hint'; text?: string; left: number }
  | { kind: 'diff'; lines: readonly string[] }
  | { kind: 'reset'; text: string; known: ExerciseProgress; list: readonly Listed[] }
  | { kind: 'trouble'; message: string; hint?: string }

/** What is to be done in the world. Each ends in events. */
export type LoopEffect =
  | { do: 'apply' }
  | { do: 'check' }
  | { do: 'answer'; given: Record<string, string> }
  | { do: 'hint' }
  | { do: 'diff' }
  | { do: 'reset' }
  | { do: 'open'; number: number }
  | { do: 'quit' }

export interface Turn {
  state: LoopState
  effects: LoopEffect[]
}
