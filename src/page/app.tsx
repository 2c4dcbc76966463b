import { useEffect, useRef, useState } from 'preact/hooks'
import type { LabAnswer, RunAnswer } from '../page-server/answers.ts'
import { useKeys } from './parts/keys.ts'
import { lazy } from './parts/lazy.tsx'
import { useAnswer } from './state/answers.ts'
import { useLive } from './state/live.ts'
import { currentRoute, goTo, useRoute } from './state/navigation.ts'
import { type Route, stepBack } from './state/route.ts'
import { TopBar } from './top/bar.tsx'
import { chosenRun } from './walk/story.ts'
import { Walk } from './walk/walk.tsx'

const ExercisePanel = lazy(async () => (await import('./exercise/panel.tsx')).ExercisePanel)

const Topology = lazy(async () => (await import('./topology/topology.tsx')).Topology)

const Compare = lazy(async () => (await import('./compare/compare.tsx')).Compare)
const Help = lazy(async () => (await import('./parts/help.tsx')).Help)

const LAB_MS = 5_000

export function App() {
  const route = useRoute()
  const asked = useAnswer<LabAnswer>('/api/lab', LAB_MS, 'lab')
  // A lab that is away takes nothing from the screen: what was drawn was so.
  const known = useRef<LabAnswer | undefined>(undefined)
  known.current = asked.data ?? known.current
  const lab = known.current
  const runs = useLive('runs')
  const exercises = useLive('exercises')
  const now = useNow()
  const [help, setHelp] = useState(false)
  const title = titleOf(route, runs)
  useEffect(() => {
    document.title = title
  }, [title])
  useKeys({
    '?': () => setHelp(!help),
    Escape: () => {
      if (help) return setHelp(false)
      const back = stepBack(currentRoute())
      if (back) goTo(back)
    },
  })
  return (
    <>
      <TopBar
        route={route}
        lab={lab}
        runs={runs ?? []}
        exercises={exercises ?? []}
        now={now}
        away={asked.fault !== undefined}
        onHelp={() => setHelp(!help)}
      />
      <main>
        {exercises && route.exercise !== undefined && <ExercisePanel exercises={exercises} number={route.exercise} />}
        {runs && lab && route.view === 'topology' && <Topology route={route} run={chosenRun(route, runs)} now={now} />}
        {runs && lab && route.view === 'walk' && route.vs !== undefined && (
          <Compare route={route} runs={runs} scrapeMs={lab.scrapeMs} now={now} />
        )}
        {runs && lab && route.view === 'walk' && route.vs === undefined && (
          <Walk route={route} lab={lab} runs={runs} now={now} />
        )}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  )
}

/** Tells tabs, and steps of the browser's history, apart. */
function titleOf(route: Route, runs: readonly RunAnswer[] = []): string {
  const run = chosenRun(route, runs)
  const view = route.view === 'topology' ? 'topology' : route.trace && `trace ${route.trace.slice(0, 8)}`
  return [view, run?.name ?? route.run, 'otel-lab'].filter(Boolean).join(' · ')
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
