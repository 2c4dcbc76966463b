import { useEffect, useState } from 'preact/hooks'
import type { LabAnswer } from '../page-server/answers.ts'
import { useKeys } from './parts/keys.ts'
import { useAnswer } from './state/answers.ts'
import { currentRoute, goTo, useRoute } from './state/navigation.ts'
import { stepBack } from './state/route.ts'
import { useRuns } from './state/runs.ts'
import { TopBar } from './top/bar.tsx'
import { Walk } from './walk/walk.tsx'

const LAB_MS = 5_000

export function App() {
  const route = useRoute()
  const lab = useAnswer<LabAnswer>('/api/lab', LAB_MS, 'lab')
  const runs = useRuns()
  const now = useNow()
  useKeys({
    Escape: () => {
      const back = stepBack(currentRoute())
      if (back) goTo(back)
    },
  })
  return (
    <>
      <TopBar route={route} lab={lab.data} runs={runs ?? []} now={now} away={lab.fault !== undefined} />
      <main>{runs && lab.data && <Walk route={route} lab={lab.data} runs={runs} now={now} />}</main>
    </>
  )
}

/** The clock, once a second while somebody looks. */
function useNow(): number {
  const [now, set] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && set(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
