import { EXIT, LabError } from '../errors.ts'
import type { Exercise } from './exercise.ts'

/** What an answer is chosen from, each with the letter that names it; empty where it is written freely. */
export function choicesOf({ checks }: Exercise, key: string): { letter: string; text: string }[] {
  const spec = checks.find(({ check, answer }) => check === 'answer' && answer === key)
  const { choices = [] } = (spec?.grade ?? {}) as { choices?: { text: string }[] }
  return choices.map(({ text }, i) => ({ letter: String.fromCharCode(97 + i), text }))
}

/** Which answers are still to be given before the checks can judge. */
export function openAnswers(exercise: Exercise, answers: Readonly<Record<string, string>>): string[] {
  return (exercise.answers ?? [])
    .filter(({ key, unless }) => answers[key] === undefined && !unless?.some((other) => answers[other] !== undefined))
    .map(({ key }) => key)
}

/** `key=value` pairs. Throws LabError `bad-answer`. */
export function parseAnswers(exercise: Exercise, pairs: readonly string[]): Record<string, string> {
  const keys = (exercise.answers ?? []).map(({ key }) => key)
  const given: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    if (at < 1 || value === '' || !keys.includes(key)) {
      throw new LabError('bad-answer', `--answer ${pair}: ${whatIsWrong(exercise, at, key, keys)}`, {
        hint:
          keys.length === 0
            ? `otel-lab exercise ${exercise.number} --check`
            : `otel-lab exercise ${exercise.number} ${keys.map((one) => `--answer ${one}=...`).join(' ')}`,
        exit: EXIT.usage,
      })
    }
    if (Object.hasOwn(given, key)) {
      throw new LabError('bad-answer', `--answer ${key} is given twice: ${given[key]}, and ${value}`, {
        hint: 'Say which of the two is meant, and give that one alone',
        exit: EXIT.usage,
      })
    }
    given[key] = value
  }
  return given
}

function whatIsWrong(exercise: Exercise, at: number, key: string, keys: string[]): string {
  if (keys.length === 0) return `exercise ${exercise.number} asks nothing`
  if (at < 1) return 'an answer is KEY=VALUE'
  return keys.includes(key) ? 'there is no value' : `there is no question ${key}; there are ${keys.join(', ')}`
}
