import { timeOfDay } from '../observe.ts'
import type { VerdictKind } from '../verdict.ts'
import { bodyOf } from './body.ts'
import type { Line, Style } from './line.ts'
import type { LoopState } from './state.ts'

/** A state as it is to be seen, whatever draws it. */
export interface LoopFrame {
  title: string
  place: string
  body: Line[]
  scroll: number
  checks: { mark: string; style: Style; title: string; note: string }[]
  notes: Line[]
  input?: { label: string; text: string }
  keys: { key: string; label: string }[]
  busy?: string
}

const MARKS: Record<VerdictKind, { mark: string; style: Style }> = {
  passed: { mark: '✓', style: 'good' },
  failed: { mark: '✗', style: 'bad' },
  slow: { mark: '◷', style: 'slow' },
  broken: { mark: '!', style: 'bad' },
}

export function frameOf(state: LoopState): LoopFrame {
  const { exercise, list, busy, waiting, typing, scroll, view } = state
  const place =
    list.length > 0
      ? `${list.findIndex(({ number }) => number === exercise.number) + 1} of ${list.length}${state.known.passedAt ? ', passed' : ''}`
      : ''
  return {
    title: `${exercise.number}. ${exercise.title}`,
    place,
    body: bodyOf(state),
    scroll,
    checks: view === 'list' ? [] : checksOf(state),
    notes: notesOf(state),
    keys: keysOf(state),
    ...(typing ? { input: { label: `${typing.key}:`, text: typing.text } } : {}),
    ...(busy ? { busy: `${waiting ?? busy} (q leaves)` } : {}),
  }
}

/** Each check, ticked the moment it is decided, with what it took from the end of the programs to the evidence. */
function checksOf({ exercise, results, busy, attempt }: LoopState): LoopFrame['checks'] {
  return exercise.checks.map(({ id, title }) => {
    const result = results[id]
    if (result === undefined) return { mark: busy && attempt ? '…' : '·', style: 'dim', title, note: '' }
    const { verdict, at } = result
    // What the drive itself has watched for was seen before it was judged.
    const seen = Math.min(at, ...(attempt?.sightings ?? []).map((sighting) => sighting.at))
    const took = attempt === undefined ? undefined : (seen - attempt.endedAt) / 1000
    const fresh = took === undefined ? '' : took < 0 ? 'while it ran' : `seen after ${took.toFixed(1)} s`
    const words: Record<VerdictKind, string> = { passed: fresh, failed: '', slow: 'not visible yet', broken: 'the lab' }
    const note = result.case === 'unanswered' ? 'your answer' : words[verdict]
    return result.case === 'unanswered' ? { mark: '?', style: 'slow', title, note } : { ...MARKS[verdict], title, note }
  })
}

function notesOf({ config, say, attempt, results, open, busy, guessesLeft }: LoopState): Line[] {
  const notes: Line[] = []
  if (attempt && (Object.keys(results).length > 0 || open.length > 0)) {
    notes.push({ text: `run ${attempt.runId} of ${timeOfDay(attempt.endedAt)}`, style: 'dim' })
  }
  if (config?.state === 'applied') notes.push({ text: `${config.text}, ${timeOfDay(config.at)}`, style: 'dim' })
  if (config?.state === 'refused') notes.push({ text: 'the config is refused; the one before runs on', style: 'bad' })
  if (open.length > 0 && !busy) {
    const left =
      guessesLeft === undefined || guessesLeft > 2 ? '' : `; ${guessesLeft} more guess${guessesLeft === 1 ? '' : 'es'}`
    notes.push({ text: `a answers: ${open.join(', ')}${left}`, style: 'strong' })
  }
  if (say) notes.push({ text: say, style: 'slow' })
  return notes
}

function keysOf(state: LoopState): LoopFrame['keys'] {
  const { exercise, view, open } = state
  const keys = [
    ...(view === 'task' ? [] : [{ key: 't', label: 'task' }]),
    { key: 'c', label: 'check' },
    ...(exercise.answers && open.length > 0 ? [{ key: 'a', label: 'answer' }] : []),
    { key: 'h', label: 'hint' },
    { key: 's', label: 'query' },
    { key: 'd', label: 'diff' },
    { key: 'r', label: 'reset' },
    { key: 'n', label: 'next' },
    { key: 'l', label: 'list' },
    { key: 'q', label: 'quit' },
  ]
  return keys
}
