import type { LoopState, Turn, Typing } from './state.ts'
import { quiet, startCheck, without } from './turns.ts'

const PAGE = 10

/** What a key does. While something is busy only leaving is taken: what is typed into a wait is not meant. */
export function onKey(state: LoopState, key: string): Turn {
  if (key === 'ctrl-c' || key === 'ctrl-d') return quit(state)
  if (state.typing) return type(state, state.typing, key)
  if (state.busy) return key === 'q' ? quit(state) : quiet(state)
  const rested = disarm(state)
  const known = SCROLL[key]
  if (known) return quiet({ ...rested, scroll: Math.max(0, known(state.scroll)) })
  switch (key) {
    case 'q':
      return quit(state)
    case 't':
      return quiet({ ...rested, view: 'task', scroll: 0 })
    case 'c':
      return enter(rested, key)
    case 'enter':
      return state.picked === undefined ? enter(rested, key) : open(rested, Number(state.picked))
    case 'a':
      return answer(rested)
    case 'h':
      return { state: rested, effects: [{ do: 'hint' }] }
    case 's':
      return quiet({ ...rested, view: 'queries', scroll: 0 })
    case 'd':
      return diff(state, rested)
    case 'r':
      return reset(state, rested)
    case 'n':
      return next(state, rested)
    case 'l':
      return quiet({ ...rested, view: 'list', scroll: 0 })
    default:
      return /^[0-9]$/.test(key) && state.view === 'list' ? pick(rested, `${state.picked ?? ''}${key}`) : quiet(rested)
  }
}

const SCROLL: Record<string, (scroll: number) => number> = {
  up: (scroll) => scroll - 1,
  down: (scroll) => scroll + 1,
  'page-up': (scroll) => scroll - PAGE,
  'page-down': (scroll) => scroll + PAGE,
  space: (scroll) => scroll + PAGE,
  b: (scroll) => scroll - PAGE,
  home: () => 0,
}

const quit = (state: LoopState): Turn => ({ state: { ...state, quitting: true }, effects: [{ do: 'quit' }] })

const disarm = (state: LoopState): LoopState => without(state, 'armed', 'say', 'picked')

/** Enter does what comes next: answer, go on after a pass, else check. */
function enter(state: LoopState, key: string): Turn {
  if (key === 'enter' && state.open.length > 0) return answer(state)
  if (key === 'enter' && state.passed && state.view === 'learned') return next(state, state)
  return startCheck(state)
}

function answer(state: LoopState): Turn {
  const { exercise } = state
  if (!exercise.answers) return quiet({ ...state, say: 'This exercise asks nothing: c checks it.' })
  if (state.attempt === undefined || state.open.length === 0) {
    return quiet({ ...state, say: 'There is no attempt to answer for yet: c makes one.' })
  }
  return typeNext(state, {})
}

/** Opens the line for the next answer; when all are given they are judged. */
function typeNext(state: LoopState, given: Record<string, string>): Turn {
  const asked = (state.exercise.answers ?? []).find(
    ({ key, unless }) =>
      state.open.includes(key) && given[key] === undefined && !unless?.some((other) => given[other] !== undefined),
  )
  const rest = without(state, 'typing')
  if (asked) {
    const { key, ask, form } = asked
    return quiet({ ...rest, typing: { key, ask, form, text: '', given }, view: 'results', scroll: 0 })
  }
  const real = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ''))
  if (Object.keys(real).length === 0) return quiet({ ...rest, say: 'Nothing was answered; a asks again.' })
  return { state: { ...rest, busy: 'judging the answers' }, effects: [{ do: 'answer', given: real }] }
}

function type(state: LoopState, typing: Typing, key: string): Turn {
  if (key === 'escape') {
    return quiet({ ...without(state, 'typing'), say: 'Left open; a asks again.' })
  }
  if (key === 'enter') return typeNext(state, { ...typing.given, [typing.key]: typing.text.trim() })
  if (key === 'backspace')
    return quiet({ ...state, typing: { ...typing, text: [...typing.text].slice(0, -1).join('') } })
  const letter = key === 'space' ? ' ' : [...key].length === 1 ? key : ''
  return quiet({ ...state, typing: { ...typing, text: (typing.text + letter).slice(0, 500) } })
}

function diff(state: LoopState, rested: LoopState): Turn {
  const { passed, known, armed } = state
  if (passed || known.passedAt || armed === 'diff') return { state: rested, effects: [{ do: 'diff' }] }
  const say = 'You have not passed it yet: h helps. Press d again to see what the solution would change.'
  return quiet({ ...rested, armed: 'diff', say })
}

function reset(state: LoopState, rested: LoopState): Turn {
  if (state.armed === 'reset') {
    return { state: { ...rested, busy: 'putting it back as it came' }, effects: [{ do: 'reset' }] }
  }
  const say = 'Press r again: the exercise begins anew, and what you changed for it is put back (a copy is kept).'
  return quiet({ ...rested, armed: 'reset', say })
}

function next(state: LoopState, rested: LoopState): Turn {
  const on = state.list.find(({ number, state: how }) => number > state.exercise.number && how !== 'broken')
  if (on === undefined) {
    const left = state.list.filter(({ state: how }) => how === 'new' || how === 'tried')
    const say =
      left.length > 0
        ? `That was the last one; not passed yet: ${left.map(({ number }) => number).join(', ')} (l lists them).`
        : 'That was the last one. See what you did: otel-lab report'
    return quiet({ ...rested, say })
  }
  if (!state.passed && state.armed !== 'next') {
    return quiet({ ...rested, armed: 'next', say: 'Not passed yet. Press n again to go on without it.' })
  }
  return open(rested, on.number)
}

/** A number digit by digit: opened as soon as no other begins so. */
function pick(state: LoopState, typed: string): Turn {
  const begun = state.list.filter(({ number }) => String(number).startsWith(typed))
  if (begun.length > 1) return quiet({ ...state, picked: typed, say: `${typed}: another digit, or enter.` })
  return open(state, begun[0]?.number ?? Number(typed))
}

function open(state: LoopState, number: number): Turn {
  const found = state.list.find((one) => one.number === number)
  if (found === undefined) return quiet({ ...state, say: `There is no exercise ${number}.` })
  if (found.state === 'broken') return quiet({ ...state, say: `Exercise ${number} is broken: otel-lab course lint` })
  return { state: { ...state, busy: 'opening' }, effects: [{ do: 'open', number }] }
}
