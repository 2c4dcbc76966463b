import { useEffect, useState } from 'preact/hooks'
import type { ExerciseAnswer, RunAnswer } from '../../page-server/answers.ts'
import { listen } from './stream.ts'

interface Live {
  runs: RunAnswer[]
  exercises: ExerciseAnswer[]
}

const latest: Partial<Live> = {}
const listeners = new Set<() => void>()
let connected = false

function connect(): void {
  connected = true
  listen(
    () => '/api/live',
    (event, data) => {
      Object.assign(latest, { [event]: data })
      for (const tell of listeners) tell()
    },
  )
}

/** What the lab tells by itself, as it changes: its runs, newest first, and the course. Undefined until it has told. */
export function useLive<K extends keyof Live>(name: K): Live[K] | undefined {
  const [, redraw] = useState(0)
  useEffect(() => {
    const tell = () => redraw((count) => count + 1)
    listeners.add(tell)
    if (!connected) connect()
    return () => void listeners.delete(tell)
  }, [])
  return latest[name] as Live[K] | undefined
}
