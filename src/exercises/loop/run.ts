import { LabError } from '../../errors.ts'
import { type Course, findExercise } from '../catalog.ts'
import type { Exercise } from '../exercise.ts'
import { openAnswers } from '../given.ts'
import { hintAt } from '../hints.ts'
import type { ExerciseLab } from '../lab.ts'
import { progressKey } from '../progress.ts'
import { checkAnswers, checkNew, learnerValues, type Progress } from '../session.ts'
import { fill } from '../values.ts'
import type { CheckResult } from '../verdict.ts'
import { frameOf, type LoopFrame } from './frame.ts'
import { openState, reduce } from './reduce.ts'
import type { Listed, LoopEffect, LoopEvent, LoopState } from './state.ts'
import { watchTraffic } from './traffic.ts'

/** What the loop needs of the world. */
export interface LoopPorts {
  /** Read anew each time: an author may be at work on it. */
  course(): Promise<Course>
  progress: Progress
  now(): number
  /** Puts the programs that an exercise begins with into the lab folder. */
  begin(exercise: Exercise): Promise<void>
  /** Opens the lab as it is now: a collector that was restarted may have other doors. */
  openLab(options: { onWait(text: string | undefined): void; signal: AbortSignal }): Promise<ExerciseLab>
  /** Lets the services read the files that were edited; says what came of it, or throws why it was refused. */
  applyConfigs(): Promise<{ text: string; matters: boolean }>
  /** What the solution would change of the learner's files. */
  diff(exercise: Exercise): Promise<string[]>
  /** Forgets what was done and puts back what was changed for it; says so. */
  reset(exercise: Exercise): Promise<string>
  /** Draws; gives how far the body can be scrolled. */
  draw(frame: LoopFrame): number
  /** Starts to listen: keys, edited files. Once it does, no edit is missed. Gives how to stop. */
  listen(on: {
    key(key: string): void
    edited(what: { configs: boolean; programs: boolean; shown: string }): void
    resized(): void
  }): Promise<() => void>
  /** Remembers where the learner is. */
  remember(exercise: Exercise): Promise<void>
}

export interface LoopEnd {
  exercise: Exercise
  list: readonly Listed[]
}

/** The learner's loop: events in, frames out, until they leave. Rejects only with what is our own fault. */
export async function runLoop(ports: LoopPorts, wanted: string): Promise<LoopEnd> {
  const abort = new AbortController()
  let state = openState({ kind: 'opened', ...(await open(wanted)) })
  let finish: (end: LoopEnd) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const ended = new Promise<LoopEnd>((resolve, reject) => {
    finish = resolve
    fail = reject
  })

  const draw = () => {
    const farthest = ports.draw(frameOf(state))
    if (state.scroll > farthest) state = { ...state, scroll: farthest }
  }
  const dispatch = (event: LoopEvent) => {
    if (state.quitting) return
    const turn = reduce(state, event)
    state = turn.state
    draw()
    for (const effect of turn.effects) void perform(effect).catch(told)
  }
  const told = (error: unknown) => {
    if (abort.signal.aborted) return
    if (error instanceof LabError)
      dispatch({ kind: 'trouble', message: error.message, ...(error.hint ? { hint: error.hint } : {}) })
    else fail(error)
  }

  async function open(which: string) {
    const course = await ports.course()
    const found = findExercise(course, which)
    const exercise = fill(found, await learnerValues(found, ports.progress))
    await ports.remember(found)
    await ports.begin(found)
    // One that somebody has edited is told when it is answered, and is none here.
    const attempt = await ports.progress.openAttempt(found, ports.now()).catch(() => undefined)
    const left = attempt === undefined ? [] : openAnswers(found, attempt.answers)
    return {
      exercise,
      known: await ports.progress.of(found),
      list: await listed(),
      ...(attempt && left.length > 0 ? { waiting: { attempt, open: left } } : {}),
    }
  }

  async function listed(): Promise<Listed[]> {
    const [course, all] = await Promise.all([ports.course(), ports.progress.all()])
    const stateOf = (exercise: Exercise): Listed['state'] => {
      const { passedAt, checks = 0, applied } = all[progressKey(exercise)] ?? { checks: 0 }
      if (passedAt) return 'passed'
      return checks > 0 || applied ? 'tried' : 'new'
    }
    const usable = course.exercises.map((one) => ({ ...pick(one), state: stateOf(one) }))
    const broken = course.broken.map(({ number, slug, faults }) => ({
      number,
      slug,
      title: slug,
      goal: faults[0] ?? '',
      state: 'broken' as const,
    }))
    return [...usable, ...broken].sort((a, b) => a.number - b.number)
  }

  async function judge(given?: Record<string, string>): Promise<void> {
    const { exercise } = state
    const { progress } = ports
    const lab = await ports.openLab({
      onWait: (text) => dispatch({ kind: 'waiting', ...(text ? { text } : {}) }),
      signal: abort.signal,
    })
    const options = {
      lab,
      exercise,
      progress,
      onEvent: ({ at, text }: { at: number; text: string }) => dispatch({ kind: 'step', at, text }),
      onDriven: (attempt: NonNullable<LoopState['attempt']>) => dispatch({ kind: 'driven', attempt }),
      onResult: (result: CheckResult) => dispatch({ kind: 'result', result, at: ports.now() }),
    }
    const checked = given ? await checkAnswers({ ...options, given }) : await checkNew(options)
    const { report, attempt, open: left, guessesLeft, renewed } = checked
    dispatch({
      kind: 'checked',
      verdict: report.verdict,
      attempt,
      open: left,
      ...(exercise.answers ? { guessesLeft } : {}),
      ...(renewed ? { renewed } : {}),
      known: await progress.of(exercise),
      list: await listed(),
    })
  }

  async function perform(effect: LoopEffect): Promise<void> {
    const { exercise } = state
    switch (effect.do) {
      case 'check':
        return judge()
      case 'answer':
        return judge(effect.given)
      case 'apply': {
        try {
          dispatch({ kind: 'applied', at: ports.now(), ...(await ports.applyConfigs()) })
        } catch (error) {
          if (!(error instanceof LabError) || !error.code.startsWith('config-')) throw error
          const { message, hint } = error
          dispatch({ kind: 'refused', at: ports.now(), message, ...(hint ? { hint } : {}) })
        }
        return
      }
      case 'hint': {
        const known = await ports.progress.of(exercise)
        const tier = known.hintsShown ?? 0
        const found = hintAt(exercise.hints, tier, known.last)
        if (found) await ports.progress.patch(exercise, { hintsShown: tier + 1 })
        return dispatch({ kind: 'hint', ...(found ? { text: found.text } : {}), left: found?.left ?? 0 })
      }
      case 'diff':
        return dispatch({ kind: 'diff', lines: await ports.diff(exercise) })
      case 'reset': {
        const text = await ports.reset(exercise)
        return dispatch({ kind: 'reset', text, known: await ports.progress.of(exercise), list: await listed() })
      }
      case 'open':
        return dispatch({ kind: 'opened', ...(await open(String(effect.number))) })
      case 'quit':
        abort.abort()
        return finish({ exercise, list: state.list })
    }
  }

  const stop = await ports.listen({
    key: (key) => dispatch({ kind: 'key', key }),
    edited: (what) => dispatch({ kind: 'edited', at: ports.now(), ...what }),
    resized: draw,
  })
  const traffic = watchTraffic({
    openLab: () => ports.openLab({ onWait: () => {}, signal: abort.signal }),
    isQuiet: () => !state.busy && !state.typing,
    onTraffic: (text) => dispatch({ kind: 'traffic', text }),
  })
  draw()
  try {
    return await ended
  } finally {
    abort.abort()
    stop()
    traffic.stop()
  }
}

const pick = ({ number, slug, title, goal }: Exercise) => ({ number, slug, title, goal })
