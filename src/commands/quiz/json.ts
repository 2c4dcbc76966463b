import type { AskedQuestion, Question, Round } from '../../quiz.ts'
import { examScore, isOver } from '../../quiz.ts'
import { letter } from './view.ts'

/** A question without what would give it away. */
export function toAsk(question: Question | AskedQuestion, answers: Readonly<Record<string, string>>) {
  const { id, ask } = question
  const answered = answers[id]
  const common = { id, ask, ...(question.competency ? { competency: question.competency } : {}) }
  if ('query' in question) {
    const { language } = question.query
    return { ...common, query: { language }, ...(answered === undefined ? {} : { answered }) }
  }
  const at = question.choices.findIndex(({ key }) => key === answered)
  return {
    ...common,
    choices: question.choices.map(({ text }, i) => ({ letter: letter(i), text })),
    ...(at < 0 ? {} : { answered: letter(at) }),
  }
}

/** A round for a script: its score once it is over. */
export function roundJson(round: Round, now: number) {
  const { kind, startedAt, questions, answers, grades } = round
  return {
    kind,
    startedAt: new Date(startedAt).toISOString(),
    questions: questions.map((question) => toAsk(question, answers)),
    ...(isOver(round, now) ? { score: examScore(questions, grades) } : {}),
  }
}
