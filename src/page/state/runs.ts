import { useEffect, useState } from 'preact/hooks'
import type { RunAnswer } from '../../page-server/answers.ts'

const listeners = new Set<(runs: RunAnswer[]) => void>()
let source: EventSource | undefined
let latest: RunAnswer[] | undefined

/** The lab's runs, newest first, as they begin and end. Undefined until the lab has told. */
export function useRuns(): RunAnswer[] | undefined {
  const [runs, set] = useState(latest)
  useEffect(() => {
    listeners.add(set)
    if (source === undefined) {
      source = new EventSource('/api/live')
      source.addEventListener('runs', ({ data }) => {
        latest = JSON.parse(data) as RunAnswer[]
        for (const tell of listeners) tell(latest)
      })
    }
    return () => void listeners.delete(set)
  }, [])
  return runs
}
