import type { Grade, Question, Score } from '../../quiz.ts'
import { type Paint, paint } from '../../ui/paint.ts'

export const letter = (index: number) => String.fromCharCode(97 + index)

/** The question and its choices, each with the letter that answers it. */
export function renderQuestion(
  question: Pick<Question, 'ask' | 'choices'>,
  number: number,
  p: Paint = paint(),
): string {
  const choices = question.choices.map((choice, i) => `   ${p.cyan(letter(i))}  ${choice.text}`)
  return [p.bold(`${number}. ${question.ask}`), ...choices].join('\n')
}

export function renderGrade(given: Pick<Grade, 'right' | 'says'>, p: Paint = paint()): string {
  return given.right ? `${p.green('✓')} ${given.says}` : `${p.red('✗')} ${given.says}`
}

export function renderScore({ right, answered, total }: Score, p: Paint = paint()): string {
  const share = `${right} of ${answered} right`
  if (answered < total) return `${share}; ${total - answered} still open.\n→ otel-lab quiz`
  if (right === total) return `${p.green('✓')} ${share}. You know where every byte goes.`
  return `${share}.\n→ another round, in another order: otel-lab quiz --reset`
}
