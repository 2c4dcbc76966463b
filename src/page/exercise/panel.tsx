import type { ExerciseAnswer } from '../../page-server/answers.ts'
import { Hint } from '../parts/said.tsx'
import { go } from '../state/navigation.ts'
import { Checks } from './checks.tsx'
import { Markdown } from './markdown.tsx'

/** The exercise beside what it is about: its text, its checks as the last verdict left them, the hints so far. */
export function ExercisePanel({ exercises, number }: { exercises: readonly ExerciseAnswer[]; number: number }) {
  const exercise = exercises.find((one) => one.number === number)
  return (
    <aside class="details exercise" aria-label="exercise">
      <button
        type="button"
        class="close"
        aria-label="close the exercise"
        onClick={() => go({ exercise: undefined }, 'detail')}
      >
        ×
      </button>
      <div class="detail">
        <label class="select">
          <span class="hidden">exercise</span>
          <select value={number} onChange={(event) => go({ exercise: Number(event.currentTarget.value) }, 'detail')}>
            {exercises.map((one) => (
              <option key={one.number} value={one.number}>
                {one.passedAt ? '✓ ' : ''}
                {one.number} {one.title}
              </option>
            ))}
          </select>
        </label>
        {exercise ? <Task exercise={exercise} /> : <p class="seen">There is no exercise {number}.</p>}
      </div>
    </aside>
  )
}

function Task({ exercise }: { exercise: ExerciseAnswer }) {
  const { number, title, goal, minutes, text, checks, hints, hintsLeft, passedAt, runId, judging } = exercise
  const done = checks.filter(({ state }) => state === 'passed').length
  const counted = `${done} of ${checks.length} checks`
  const said = judging ? `being judged: ${counted}` : passedAt ? 'passed' : counted
  return (
    <>
      <p class="overline">
        exercise {number} · {minutes} min · {said}
      </p>
      <h2>{title}</h2>
      <p class="goal">{goal}</p>
      <Checks checks={checks} onTrace={(trace) => go({ trace, span: undefined, line: undefined })} />
      {runId && (
        <p class="chain">
          <button type="button" onClick={() => go({ run: runId, trace: undefined, span: undefined, line: undefined })}>
            look at its run {runId}
          </button>
        </p>
      )}
      <Hint text={`otel-lab exercise ${number} --check`} />
      <details>
        <summary>the task</summary>
        <Markdown text={text} />
      </details>
      {hints.map((hint) => (
        <p key={hint} class="hint-text">
          {hint}
        </p>
      ))}
      {hintsLeft > 0 && !passedAt && <Hint text={`otel-lab exercise ${number} --hint`} />}
    </>
  )
}
