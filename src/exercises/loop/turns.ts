import type { LoopState, Turn } from './state.ts'

export const quiet = (state: LoopState): Turn => ({ state, effects: [] })

export function without<K extends keyof LoopState>(state: LoopState, ...keys: K[]): LoopState {
  const rest = { ...state }
  for (const key of keys) delete rest[key]
  return rest
}

export function startCheck(state: LoopState): Turn {
  const clean = without(state, 'armed', 'typing', 'attempt', 'guessesLeft')
  return {
    state: { ...clean, busy: 'running the attempt', results: {}, timeline: [], open: [] },
    effects: [{ do: 'check' }],
  }
}
