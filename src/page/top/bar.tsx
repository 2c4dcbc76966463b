import type { ExerciseAnswer, LabAnswer, RunAnswer } from '../../page-server/answers.ts'
import { go, goTo } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { clock, duration } from '../time/format.ts'
import { RunPicker } from './run-picker.tsx'

interface Props {
  route: Route
  lab: LabAnswer | undefined
  runs: readonly RunAnswer[]
  exercises: readonly ExerciseAnswer[]
  now: number
  away: boolean
  onHelp(): void
}

const VIEWS = [
  { view: 'walk', name: 'Walk' },
  { view: 'topology', name: 'Topology' },
] as const

export function TopBar({ route, lab, runs, exercises, now, away, onHelp }: Props) {
  const ranged = route.from !== undefined && route.to !== undefined
  const down = lab?.services.filter(({ state }) => state !== 'ready') ?? []
  return (
    <header class="top">
      <h1>
        <a
          class="brand"
          href="/"
          onClick={(event) => {
            event.preventDefault()
            goTo({ view: 'walk' })
          }}
        >
          otel-lab
        </a>
      </h1>
      <nav aria-label="views">
        {VIEWS.map(({ view, name }) => (
          <button
            key={view}
            type="button"
            aria-current={route.view === view ? 'page' : undefined}
            onClick={() => go({ view })}
          >
            {name}
          </button>
        ))}
      </nav>
      <RunPicker route={route} runs={runs} now={now} />
      {ranged && (
        <button
          type="button"
          class="range"
          onClick={() => go({ from: undefined, to: undefined })}
          title="back to the whole run"
        >
          {clock(route.from!)}–{clock(route.to!)}, {duration(route.to! - route.from!)} <span aria-hidden="true">×</span>
          <span class="hidden">leave this range</span>
        </button>
      )}
      <span class="spring" />
      {exercises.length > 0 && (
        <button
          type="button"
          class="exercise-toggle"
          aria-pressed={route.exercise !== undefined}
          onClick={() => go({ exercise: route.exercise === undefined ? currentOf(exercises) : undefined }, 'detail')}
        >
          Exercise
        </button>
      )}
      <span class={`lab-state ${away || down.length > 0 ? 'bad' : ''}`} role="status">
        {away
          ? 'the lab does not answer: otel-lab up'
          : down.length > 0
            ? `${down.map(({ name, state }) => `${name} is ${state}`).join(', ')}: otel-lab doctor`
            : lab
              ? `${lab.engine} lab`
              : ''}
      </span>
      <button type="button" class="quiet" aria-label="keys" title="keys: ?" onClick={onHelp}>
        ?
      </button>
    </header>
  )
}

/** The first that is not passed yet. */
const currentOf = (exercises: readonly ExerciseAnswer[]) =>
  (exercises.find(({ passedAt }) => passedAt === undefined) ?? exercises[0])?.number
