import { EXIT, LabError } from '../../errors.ts'
import type { Attempt, Exercise } from '../../exercises.ts'
import { promptText } from '../../ui/prompt.ts'
import { choiceLines } from './view.ts'

/** Asks for what is missing, one after the other. Throws LabError `left` when the learner leaves; the attempt is kept. */
export async function askAnswers(
  exercise: Exercise,
  attempt: Attempt,
  keys: string[],
): Promise<Record<string, string>> {
  const given: Record<string, string> = {}
  console.log(`\nYour turn. This is about run ${attempt.runId}; another terminal may help.`)
  for (const answer of exercise.answers ?? []) {
    const { key, ask, form, unless } = answer
    if (!keys.includes(key) || unless?.some((other) => given[other] ?? attempt.answers[other])) continue
    for (const line of choiceLines(exercise, key)) console.log(line)
    console.log(`  ${form}`)
    const text = await promptText(ask)
    if (text === undefined) {
      throw new LabError('left', 'left without an answer; the attempt is kept for half an hour', {
        hint: `otel-lab exercise ${exercise.number} ${keys.map((one) => `--answer ${one}=...`).join(' ')}`,
        exit: EXIT.failed,
      })
    }
    if (text !== '') given[key] = text
  }
  console.log('')
  return given
}
