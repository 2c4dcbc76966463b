import type { Attempt, Exercise, Progress } from '../exercises.ts'
import type { Hands } from './hands.ts'
import type { OpenTerminal, RobotTerminal } from './terminal.ts'

/** What a check said. */
export interface Judged {
  verdict: string
  failed: { id: string; case?: string }[]
  /** All that the learner reads of it. */
  text: string
}

/** Somebody who works at one exercise and has it checked. */
export interface Student {
  /** Has it checked; the attempt that answers are for is in `progress` then. */
  check(): Promise<Judged>
  /** Waits for the check that an edit brings about by itself, where it does. */
  afterEdit(): Promise<Judged>
  answer(given: Readonly<Record<string, string>>): Promise<Judged>
  close(): Promise<void>
}

const CHECK_MS = 150_000

/** By `--check` and `--answer`, as scripts do it. */
export function scriptStudent(hands: Hands, exercise: Exercise): Student {
  const number = String(exercise.number)
  const judged = (answer: Record<string, unknown>): Judged => {
    const { error, results, verdict } = answer as {
      error?: { code: string; message: string; hint?: string }
      verdict?: string
      results?: {
        id: string
        verdict: string
        case?: string
        seen: string
        why: string
        expected: string
        next?: string
      }[]
    }
    if (error) return { verdict: 'broken', failed: [{ id: error.code }], text: `${error.message}\n${error.hint ?? ''}` }
    const failed = (results ?? []).filter((one) => one.verdict !== 'passed')
    return {
      verdict: verdict ?? 'broken',
      failed: failed.map(({ id, case: name }) => ({ id, ...(name ? { case: name } : {}) })),
      text: failed.map(({ seen, expected, why, next = '' }) => [seen, expected, why, next].join('\n')).join('\n'),
    }
  }
  const check = async () => judged((await hands.json(['exercise', number, '--check'])).answer)
  return {
    check,
    async afterEdit() {
      await hands.run(['up'])
      return check()
    },
    async answer(given) {
      const words = Object.entries(given).flatMap(([key, value]) => ['--answer', `${key}=${value}`])
      return judged((await hands.json(['exercise', number, ...words])).answer)
    },
    close: async () => {},
  }
}

/** In the loop, by keys and by saving files, as learners do it. */
export async function loopStudent(
  open: OpenTerminal,
  options: { hands: Hands; exercise: Exercise; progress: Progress; program: string },
): Promise<Student> {
  const { hands, exercise, progress, program } = options
  const terminal: RobotTerminal = await open({ words: ['exercise', String(exercise.number)], dir: hands.dir, program })
  const isIdle = (screen: string) => /\bq quit\s*$/.test(screen)
  await terminal.until(isIdle, 60_000, 'the loop did not open')

  async function judgedAfter(count: number, why: string): Promise<Judged> {
    const deadline = Date.now() + CHECK_MS
    while ((await progress.of(exercise)).checks <= count) {
      const screen = terminal.text()
      // What went wrong before anything could be judged is told on the screen alone.
      if (isIdle(screen) && screen.includes('c tries again.')) return { verdict: 'broken', failed: [], text: screen }
      if (Date.now() > deadline) throw new Error(`${why}; the screen:\n${screen}`)
      await new Promise((next) => setTimeout(next, 60))
    }
    const text = await terminal.until(isIdle, 30_000, 'the check did not end')
    const { last } = await progress.of(exercise)
    return { verdict: last?.verdict ?? 'broken', failed: last?.failed ?? [], text }
  }
  const checks = async () => (await progress.of(exercise)).checks
  return {
    async check() {
      const before = await checks()
      terminal.press('c')
      return judgedAfter(before, 'c was pressed and nothing was judged')
    },
    async afterEdit() {
      const before = await checks()
      const began = Date.now()
      const noticed = () =>
        /was edited|reading the config|runs with the new config|is refused|q leaves/.test(terminal.text())
      while (!noticed() && Date.now() - began < 4_000) await new Promise((next) => setTimeout(next, 40))
      if (!noticed()) throw new Error(`an edit was not noticed within 4 s; the screen:\n${terminal.text()}`)
      await terminal.until((screen) => isIdle(screen) || screen.includes('q leaves'), 20_000, 'the edit led to nothing')
      // What changes nothing of what runs is not checked by itself.
      await new Promise((next) => setTimeout(next, 800))
      if (isIdle(terminal.text()) && (await checks()) === before) terminal.press('c')
      return judgedAfter(before, 'an edit was read and nothing was judged')
    },
    async answer(given) {
      const before = await checks()
      terminal.press('a')
      for (const { key } of exercise.answers ?? []) {
        const asked = await terminal
          .until((screen) => screen.includes(`\n ${key}:`), 3_000, `it did not ask for ${key}`)
          .catch(() => undefined)
        // Left out when another one makes it needless.
        if (asked === undefined) continue
        terminal.press(`${given[key] ?? ''}\r`)
        await terminal.until((screen) => !screen.includes(`\n ${key}:`), 10_000, `${key} was given and still asked for`)
      }
      return judgedAfter(before, 'the answers were not judged')
    },
    close: () => terminal.close(),
  }
}

/** The attempt that waits for answers. */
export async function openAttempt(progress: Progress, exercise: Exercise, now: number): Promise<Attempt> {
  const attempt = await progress.openAttempt(exercise, now)
  if (attempt === undefined) throw new Error('the check left no attempt to answer for')
  return attempt
}
