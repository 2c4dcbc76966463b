import { timeOfDay } from '../observe.ts'
import type { CheckResult } from '../verdict.ts'
import type { Line } from './line.ts'
import type { LoopState } from './state.ts'

const blank: Line = { text: '' }

/** The main part of the screen. */
export function bodyOf(state: LoopState): Line[] {
  const { view } = state
  if (state.busy && state.timeline.length > 0 && view !== 'list') return progressBody(state)
  switch (view) {
    case 'task':
      return taskBody(state)
    case 'results':
      return resultsBody(state)
    case 'hint':
      return hintBody(state)
    case 'queries':
      return queriesBody(state)
    case 'diff':
      return diffBody(state)
    case 'list':
      return listBody(state)
    case 'learned':
      return learnedBody(state)
    case 'refused':
      return refusedBody(state)
    case 'trouble':
      return troubleBody(state)
  }
}

/** Markdown, its commands and its prose marked. */
function textLines(text: string): Line[] {
  let fenced = false
  return paragraphs(text).map((line) => {
    const fence = /^\s*```/.test(line)
    if (fence) fenced = !fenced
    if (/^ {4,}\S/.test(line)) return { text: line, style: 'command' }
    if (/^#+ /.test(line)) return { text: line, style: 'strong' }
    return fence || fenced ? { text: line } : { text: line, prose: true }
  })
}

/** Lines of one paragraph become one, so that they can be wrapped for the screen that there is. */
function paragraphs(text: string): string[] {
  const out: string[] = []
  for (const line of text.trimEnd().split('\n')) {
    const last = out.at(-1)
    const goesOn = last !== undefined && isProse(last) && isProse(line) && !/^\s*(?:[-*]|\d+\.) /.test(line)
    if (goesOn) out[out.length - 1] = `${last} ${line.trim()}`
    else out.push(line)
  }
  return out
}

const isProse = (line: string) => line.trim() !== '' && !/^(?: {4}|\||```|#)/.test(line)

function taskBody({ exercise, known }: LoopState): Line[] {
  const { text, answers = [] } = exercise
  const asked: Line[] = answers.flatMap(({ key, ask, form }) => [
    { text: `${key}: ${ask}`, style: 'strong' as const },
    { text: `    ${form}`, style: 'dim' as const },
  ])
  return [
    ...textLines(text),
    blank,
    ...(asked.length > 0 ? [{ text: 'What you are asked:' }, ...asked, blank] : []),
    {
      text:
        answers.length > 0
          ? 'c runs the app and checks; then you answer.'
          : 'Edit and save: it is read, and checked, by itself. Or press c.',
      style: 'dim',
    },
    ...(known.passedAt ? [{ text: 'You have passed it already.', style: 'good' as const }] : []),
  ]
}

function progressBody({ timeline }: LoopState): Line[] {
  return timeline.map(({ at, text }) => ({ text: `${timeOfDay(at)}  ${text}` }))
}

function resultsBody(state: LoopState): Line[] {
  const { exercise, results, timeline, typing } = state
  const typed: Line[] = typing
    ? [{ text: typing.ask, style: 'strong' }, { text: typing.form, style: 'dim' }, blank]
    : []
  const all = exercise.checks.flatMap(({ id }) => results[id] ?? [])
  const told = all.filter(({ verdict, case: name }) => verdict !== 'passed' && name !== 'unanswered')
  const lines = told.flatMap((result) => [...resultLines(result), blank])
  const time = timeline.map(({ at, text }) => ({ text: `${timeOfDay(at)}  ${text}`, style: 'dim' as const }))
  const waits = all.some(({ case: name }) => name === 'unanswered')
  const turn: Line[] = waits && !typing ? [{ text: 'Your turn: another terminal may help. a answers.' }, blank] : []
  return [...typed, ...lines, ...turn, ...(waits || told.length === 0 ? time : [])]
}

function resultLines({ verdict, title, expected, seen, why, next, stale }: CheckResult): Line[] {
  const mark = { passed: '✓', failed: '✗', slow: '◷', broken: '!' }[verdict]
  const style = verdict === 'slow' ? 'slow' : verdict === 'passed' ? 'good' : 'bad'
  const part = (label: string, text: string): Line[] =>
    text.split('\n').map((line, i) => ({ text: i === 0 ? `  ${label} ${line}` : `    ${line}` }))
  return [
    { text: `${mark} ${title}`, style },
    ...part('seen:', seen),
    ...(stale ? part('not counted:', stale) : []),
    ...part('expected:', expected),
    ...part('why:', why).map((line) => ({ ...line, style: 'dim' as const })),
    ...(next ? next.split('\n').map((line) => ({ text: `→ ${line}`, style: 'command' as const })) : []),
  ]
}

function hintBody({ hints, hintsLeft, exercise }: LoopState): Line[] {
  const told = hints.flatMap((text, i): Line[] => [
    { text: text.trim(), style: i === hints.length - 1 ? 'plain' : 'dim', prose: true },
    blank,
  ])
  const left =
    hintsLeft === undefined || hintsLeft > 0
      ? `h: one more (${hintsLeft ?? 0} left)`
      : 'There are no more hints. d shows what the solution would change.'
  if (hints.length === 0)
    return [{ text: `No more hints for exercise ${exercise.number}.` }, { text: left, style: 'dim' }]
  return [...told, { text: left, style: 'dim' }]
}

function queriesBody({ exercise, results }: LoopState): Line[] {
  const asked = exercise.checks.flatMap(({ id, title }) => {
    const query = results[id]?.query
    return query ? [{ text: title, style: 'strong' as const }, { text: query, style: 'command' as const }, blank] : []
  })
  if (asked.length > 0) return [{ text: 'What the checks asked, for you to ask by hand:' }, blank, ...asked]
  return [{ text: 'A check shows here what it asked the backends. c checks.' }]
}

function diffBody({ diff = [] }: LoopState): Line[] {
  return diff.map((text) => {
    if (/^(\+\+\+|---)/.test(text)) return { text, style: 'strong' }
    if (text.startsWith('+')) return { text, style: 'good' }
    if (text.startsWith('-')) return { text, style: 'bad' }
    return text.startsWith('@@') ? { text, style: 'dim' } : { text }
  })
}

const STATES = { passed: '✓', tried: '✗', new: '·', broken: '!' } as const

function listBody({ list, exercise }: LoopState): Line[] {
  const rows = list.flatMap(({ number, title, goal, state }): Line[] => [
    {
      text: `${STATES[state]} ${number}. ${title}${number === exercise.number ? ' (this one)' : ''}`,
      style: state === 'passed' ? 'good' : state === 'broken' ? 'bad' : 'strong',
    },
    { text: `     ${state === 'broken' ? 'cannot be used: ' : ''}${goal}`, style: 'dim' },
  ])
  return [
    ...rows,
    blank,
    { text: '✓ passed, ✗ tried, · not tried. Type a number to open it, t to go back.', style: 'dim' },
  ]
}

function learnedBody({ exercise, list }: LoopState): Line[] {
  const on = list.find(({ number, state }) => number > exercise.number && state !== 'broken')
  const next = on ? `n: ${on.number}. ${on.title}` : 'That was the last one. What you did, as a page: otel-lab report'
  return [
    { text: 'Passed.', style: 'good' },
    blank,
    { text: exercise.learned.trim(), prose: true },
    blank,
    ...(exercise.more ?? []).map(({ title, url }): Line => ({ text: `${title}: ${url}`, style: 'dim' })),
    ...(exercise.more ? [blank] : []),
    { text: next, style: 'strong' },
  ]
}

function refusedBody({ config }: LoopState): Line[] {
  return [
    { text: 'The new config is refused, so the one before runs on:', style: 'bad' },
    blank,
    ...(config?.text ?? '').split('\n').map((text) => ({ text })),
    ...(config?.detail
      ? config.detail.split('\n').map((text) => ({ text: `→ ${text}`, style: 'command' as const }))
      : []),
    blank,
    { text: 'Mend the file and save it: it is read again by itself.', style: 'dim' },
  ]
}

function troubleBody({ trouble }: LoopState): Line[] {
  return [
    ...(trouble?.message ?? '')
      .split('\n')
      .map((text, i) => ({ text, style: i === 0 ? ('bad' as const) : ('plain' as const) })),
    ...(trouble?.hint
      ? trouble.hint.split('\n').map((text) => ({ text: `→ ${text}`, style: 'command' as const }))
      : []),
    blank,
    { text: 'c tries again.', style: 'dim' },
  ]
}
