import {
  type Attempt,
  type AttemptEvent,
  type BrokenExercise,
  type CheckResult,
  COMPETENCIES,
  choicesOf,
  type Exercise,
  type ExerciseProgress,
  progressKey,
  TRACKS,
  timeOfDay,
} from '../../exercises.ts'
import { emphasised } from '../../ui/emphasis.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { joinParagraphs } from '../../ui/paragraphs.ts'
import { renderTable } from '../../ui/table.ts'
import { renderVerdict } from '../../ui/verdict.ts'

export function stateOf({ checks, passedAt, applied }: ExerciseProgress): 'passed' | 'tried' | 'new' {
  if (passedAt) return 'passed'
  return checks > 0 || applied ? 'tried' : 'new'
}

export function renderList(
  exercises: readonly Exercise[],
  all: Record<string, ExerciseProgress>,
  broken: readonly BrokenExercise[] = [],
  p: Paint = paint(),
): string {
  const rows = exercises.flatMap(({ number, slug, course, title, goal, minutes, changed, track }, i) => {
    const progress = all[progressKey({ slug, course })] ?? { checks: 0 }
    const state = stateOf(progress)
    const marks = {
      passed: p.green(progress.applied ? '✓ passed, by its solution' : '✓ passed'),
      tried: p.yellow(
        progress.checks > 0 ? `✗ tried ${progress.checks === 1 ? 'once' : `${progress.checks} times`}` : 'applied',
      ),
      new: p.dim('not tried'),
    }
    const note = progress.distrust
      ? `\n${p.yellow(`the recorded pass does not count: ${progress.distrust}`)}`
      : changed
        ? `\n${p.yellow('changed: not as it was shipped')}`
        : ''
    const row = [String(number), `${title}\n${p.dim(goal)}${note}`, `${minutes} min`, marks[state]]
    const begins = track !== undefined && track !== exercises[i - 1]?.track
    const apart = i > 0 ? [['', '', '', '']] : []
    return begins ? [...apart, ['', p.bold(TRACKS[track]), '', ''], row] : [row]
  })
  const unusable = broken.map(({ number, slug, faults }) => [
    String(number),
    `${slug}\n${p.dim(faults.join('\n'))}`,
    '',
    p.red('broken'),
  ])
  return renderTable(['', 'EXERCISE', 'TAKES', 'STATE'], [...rows, ...unusable], { paint: p })
}

/** Which course it is, and how to go on. */
export function renderWhere({ name, root }: { name: string; root: string }): string {
  if (name === 'otel-lab') return '→ otel-lab exercise 1'
  return `Course ${name}, ${root}\n→ otel-lab exercise 1\n  the built-in ones: otel-lab course use otel-lab`
}

/** The text of the file, in lines of this terminal, commands in colour. */
export function renderText(text: string, p: Paint = paint()): string {
  let fenced = false
  return joinParagraphs(text)
    .trimEnd()
    .split('\n')
    .map((line) => {
      const fence = /^\s*```/.test(line)
      if (fence) fenced = !fenced
      if (/^ {4,}\S/.test(line)) return p.cyan(line)
      return fence || fenced ? line : emphasised(line, p)
    })
    .join('\n')
}

export function renderEvent({ at, text }: AttemptEvent, p: Paint = paint()): string {
  return `  ${p.dim(timeOfDay(at))}  ${text}`
}

export function renderResult(result: CheckResult, p: Paint = paint()): string {
  const { verdict, title, expected, seen, why, next, query, stale } = result
  if (verdict === 'passed') return renderVerdict({ state: 'passed', title: `${title}: ${seen}` }, { paint: p })
  // What to type is said once, after the last one.
  if (result.case === 'unanswered')
    return renderVerdict({ state: verdict, title: `${title}: ${seen.split(':')[0]}`, expected, why }, { paint: p })
  const text = renderVerdict(
    { state: verdict, title, expected, seen: stale ? `${seen}\n${stale}` : seen, why, ...(next ? { next } : {}) },
    { paint: p },
  )
  return query ? `${text}\n    ${p.dim('by hand')}  ${query}` : text
}

export function renderEnd(exercise: Exercise, next: Exercise | undefined, p: Paint = paint()): string {
  const on = next
    ? `→ otel-lab exercise ${next.number}   ${next.title}`
    : 'That was the last one. → otel-lab quiz, or: otel-lab latency'
  const more = (exercise.more ?? []).map(({ title, url }) => `\n  ${title}: ${url}`)
  const read = more.length > 0 ? `\n\nThe official documentation on it:${more.join('')}` : ''
  return `\n${p.green(p.bold('Passed.'))} ${emphasised(exercise.learned.trim(), p)}${read}\n\n${on}`
}

/** What a script wants to know of an exercise. */
export function summaryOf(exercise: Exercise, known: ExerciseProgress = { checks: 0 }) {
  const { number, slug, title, goal, minutes, changed, track, competencies } = exercise
  const of = { ...(track ? { track } : {}), ...(competencies ? { competencies } : {}) }
  return { number, slug, title, goal, minutes, ...of, state: stateOf(known), ...(changed ? { changed } : {}), ...known }
}

export function renderExercise(
  exercise: Exercise,
  known: ExerciseProgress = { checks: 0 },
  p: Paint = paint(),
): string {
  const { number, title, minutes, text, answers = [], competencies = [] } = exercise
  // Two domains have competencies of one name.
  const serves = [...new Set(competencies.map((id) => COMPETENCIES[id]))].join(', ')
  const asked = answers.map(({ key, ask, form }) =>
    [`   ${p.bold(key)}  ${ask}`, ...choiceLines(exercise, key), `      ${p.dim(form)}`].join('\n'),
  )
  return [
    `${p.bold(`${number}. ${title}`)}  ${p.dim(`${minutes} min${known.passedAt ? ', passed' : ''}`)}`,
    ...(serves ? [p.dim(`OTCA: ${serves}`)] : []),
    '',
    renderText(text, p),
    '',
    ...(asked.length > 0 ? ['What you are asked:', ...asked, ''] : []),
    `→ otel-lab exercise ${number} --check`,
    `  stuck? otel-lab exercise ${number} --hint`,
  ].join('\n')
}

export function renderApplied(
  { number }: Exercise,
  { changed, answers }: { changed: boolean; answers: Record<string, string> },
): string {
  const read = Object.entries(answers).map(([key, value]) => `  ${key} = ${value}`)
  if (read.length > 0)
    return `\nThe solution reads off this run:\n${read.join('\n')}\n→ otel-lab exercise ${number} --check`
  const done = changed
    ? 'The config is changed and the collector runs with it'
    : 'The config was so already; the collector was restarted'
  return `${done}. See it: otel-lab config diff\n→ otel-lab exercise ${number} --check`
}

export const choiceLines = (exercise: Exercise, key: string) =>
  choicesOf(exercise, key).map(({ letter, text }) => `      ${letter}  ${text}`)

/** What is still to be answered, and of which run. */
export function renderAnswersLeft(exercise: Exercise, { runId }: Attempt, open: readonly string[]): string {
  const asked = (exercise.answers ?? []).filter(({ key }) => open.includes(key))
  const lines = asked.map(({ key, ask, form }) =>
    [`   ${key}: ${ask}`, ...choiceLines(exercise, key), `      ${form}`].join('\n'),
  )
  const first = asked.filter(({ unless }, i) => !unless || !asked.slice(0, i).some(({ key }) => unless.includes(key)))
  return `\nStill to be answered, of run ${runId} (it is kept for half an hour):\n${lines.join('\n')}\n→ otel-lab exercise ${exercise.number} ${first.map(({ key }) => `--answer ${key}=...`).join(' ')}`
}

/** Which attempt answers are judged for. */
export function renderWaiting({ attempt, ageMs }: { attempt: Attempt; ageMs: number }, p: Paint = paint()): string {
  const minutes = Math.floor(ageMs / 60_000)
  const age = minutes === 0 ? `${Math.max(1, Math.round(ageMs / 1000))} s` : `${minutes} min`
  return p.dim(`Judged for the attempt of ${timeOfDay(attempt.endedAt)}, run ${attempt.runId}, ${age} ago.`)
}

/** Guessing does not pay. */
export function renderVoid({ number, answers = [] }: Exercise, old: Attempt, renewed: Attempt): string {
  const keys = answers.filter(({ unless }) => !unless).map(({ key }) => `--answer ${key}=...`)
  return `\nAfter three wrong answers run ${old.runId} is void. A new attempt has other values: run ${renewed.runId}.\n→ otel-lab exercise ${number} ${keys.join(' ')}`
}
