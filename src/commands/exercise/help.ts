import type { Exercise, Progress } from '../../exercises.ts'
import type { LabCommand } from '../base.ts'
import { renderText } from './view.ts'

type Out = Pick<LabCommand, 'log'>

/** The next hint, chosen by what failed last. Without a lab there is nothing to remember, so it is the first one. */
export async function hint(out: Out, exercise: Exercise, progress: Progress | undefined) {
  const { number, hints } = exercise
  const { fill, hintAt, learnerValues } = await import('../../exercises.ts')
  const known = await progress?.of(exercise)
  const tier = known?.hintsShown ?? 0
  const found = hintAt(hints, tier, known?.last)
  if (found === undefined) {
    out.log(`There are no more hints.\n→ otel-lab exercise ${number} --solution`)
    return { hint: null, left: 0 }
  }
  await progress?.patch(exercise, { hintsShown: tier + 1 })
  const more = found.left > 0 ? `${found.left} more: otel-lab exercise ${number} --hint` : 'That was the last hint.'
  const values = progress ? await learnerValues(exercise, progress) : {}
  const text = fill(found.text, values).trim()
  out.log(`${renderText(text)}\n\n${more}\n→ otel-lab exercise ${number} --check`)
  return { hint: text, left: found.left }
}

/** After a pass, or when asked for a second time. */
export async function solution(out: Out, exercise: Exercise, progress: Progress | undefined) {
  const { number, solutionText, solution: steps } = exercise
  const known = await progress?.of(exercise)
  const asked = (known?.solutionAsked ?? 0) + 1
  await progress?.patch(exercise, { solutionAsked: asked })
  if (progress && !known?.passedAt && asked < 2) {
    out.log(
      `You have not passed it yet. A hint first?\n→ otel-lab exercise ${number} --hint\n  Ask once more, and the solution is shown: otel-lab exercise ${number} --solution`,
    )
    return { shown: false }
  }
  const { fill, learnerValues } = await import('../../exercises.ts')
  const values = progress ? await learnerValues(exercise, progress) : {}
  const typed = fill(steps.commands, values).map((command) => `→ ${command}`)
  out.log(`${renderText(fill(solutionText, values))}\n\n${typed.join('\n')}`)
  out.log(`\nOr let it be done for you: otel-lab exercise ${number} --apply`)
  return { shown: true, text: solutionText, commands: steps.commands }
}
