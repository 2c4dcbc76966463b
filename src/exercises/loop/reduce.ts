import { onKey } from './on-key.ts'
import type { LoopEvent, LoopState, Turn } from './state.ts'
import { quiet, startCheck, without } from './turns.ts'

/** The state in which an exercise is opened. */
export function openState(event: Extract<LoopEvent, { kind: 'opened' }>, before?: LoopState): LoopState {
  const { exercise, known, list, waiting } = event
  return {
    exercise,
    known,
    list,
    broken: before?.broken ?? [],
    view: 'task',
    scroll: 0,
    results: {},
    timeline: [],
    open: waiting?.open ?? [],
    ...(waiting ? { attempt: waiting.attempt } : {}),
    hints: [],
    passed: known.passedAt !== undefined,
    quitting: false,
    ...(before?.config ? { config: before.config } : {}),
  }
}

/** What follows from an event. Pure: the world is told by the effects. */
export function reduce(state: LoopState, event: LoopEvent): Turn {
  switch (event.kind) {
    case 'key':
      return onKey(state, event.key)
    case 'opened':
      return quiet(openState(event, state))
    case 'edited':
      return edited(state, event)
    case 'applied':
      return applied(state, event)
    case 'refused':
      return quiet(
        idle(state, {
          config: {
            state: 'refused',
            at: event.at,
            text: event.message,
            ...(event.hint ? { detail: event.hint } : {}),
          },
          view: 'refused',
          scroll: 0,
        }),
      )
    case 'traffic': {
      // Answers are about one attempt: another must not take its place while they are thought of.
      if (state.passed || state.open.length > 0) return quiet({ ...state, say: event.text })
      if (state.busy) return quiet({ ...state, pending: { configs: state.pending?.configs ?? false, check: true } })
      return startCheck({ ...state, say: event.text })
    }
    case 'step':
      return quiet({ ...state, timeline: [...state.timeline, { at: event.at, text: event.text }].slice(-12) })
    case 'driven':
      return quiet({ ...state, attempt: event.attempt, busy: 'checking' })
    case 'waiting':
      return quiet(event.text === undefined ? without(state, 'waiting') : { ...state, waiting: event.text })
    case 'result':
      return quiet({
        ...state,
        results: { ...state.results, [event.result.id]: { ...event.result, at: event.at } },
      })
    case 'checked':
      return checked(state, event)
    case 'hint':
      return quiet(
        event.text === undefined
          ? { ...state, view: 'hint', scroll: 0, hintsLeft: 0 }
          : { ...state, view: 'hint', scroll: 0, hints: [...state.hints, event.text], hintsLeft: event.left },
      )
    case 'diff':
      return quiet({ ...state, view: 'diff', scroll: 0, diff: event.lines })
    case 'reset': {
      const fresh = openState({ kind: 'opened', exercise: state.exercise, known: event.known, list: event.list }, state)
      return afterBusy({ ...fresh, ...(state.pending ? { pending: state.pending } : {}), say: event.text })
    }
    case 'trouble':
      return quiet(
        idle(state, {
          view: 'trouble',
          scroll: 0,
          trouble: { message: event.message, ...(event.hint ? { hint: event.hint } : {}) },
        }),
      )
  }
}

const idle = (state: LoopState, change: Partial<LoopState>): LoopState => ({
  ...without(state, 'busy', 'waiting', 'armed'),
  ...change,
})

function edited(state: LoopState, event: Extract<LoopEvent, { kind: 'edited' }>): Turn {
  const say = `${event.shown} was edited`
  if (state.busy) {
    const { configs = false, check = false } = state.pending ?? {}
    const pending = { configs: configs || event.configs, check: check || event.programs }
    return quiet({ ...state, pending, say })
  }
  if (!event.configs) return startCheck({ ...state, say })
  return apply({ ...state, say })
}

function apply(state: LoopState): Turn {
  return { state: { ...without(state, 'armed', 'typing'), busy: 'reading the config' }, effects: [{ do: 'apply' }] }
}

function applied(state: LoopState, { text, at, matters }: Extract<LoopEvent, { kind: 'applied' }>): Turn {
  const next = idle(without(state, 'say'), {
    config: { state: 'applied', at, text },
    ...(state.view === 'refused' ? { view: 'task' as const, scroll: 0 } : {}),
  })
  if (state.pending) return afterBusy(next)
  // Comments alone change nothing; and a pass is a pass until it is asked for again.
  return matters && !state.passed ? startCheck(next) : quiet(next)
}

function checked(state: LoopState, event: Extract<LoopEvent, { kind: 'checked' }>): Turn {
  const { verdict, attempt, open, guessesLeft, renewed, known, list } = event
  const passed = verdict === 'passed'
  const void3 = renewed
    ? { say: `After three wrong answers that attempt is void. The new one, run ${renewed.runId}, has other values.` }
    : {}
  const next = idle(state, {
    attempt: renewed ?? attempt,
    open,
    known,
    list,
    passed,
    view: passed ? 'learned' : 'results',
    scroll: 0,
    ...(guessesLeft === undefined ? {} : { guessesLeft }),
    ...void3,
  })
  return afterBusy(next)
}

/** What came while something was busy has its turn now. */
function afterBusy(state: LoopState): Turn {
  const { pending } = state
  const next = without(state, 'pending')
  if (pending?.configs) return apply(next)
  if (pending?.check && !state.passed && state.open.length === 0) return startCheck(next)
  return quiet(next)
}
