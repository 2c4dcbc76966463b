import type { AskedQuestion, Grade, Question, Round } from '../../quiz.ts'
import { examScore, isOver } from '../../quiz.ts'
import { letter } from './view.ts'

/** A question by its number, without what would give it away: its name in the course says much. */
export function toAsk(question: Question | AskedQuestion, number: number, answers: Readonly<Record<string, string>>) {
  const { id, ask } = question
  const answered = answers[id]
  const common = { number, ask, ...(question.competency ? { competency: question.competency } : {}) }
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

/** What became of an answer, in the numbers and letters by which it was given. */
export function toGraded({ question: id, chosen, right, says }: Grade, questions: readonly Question[]) {
  const at = questions.findIndex((question) => question.id === id)
  const choice = questions[at]!.choices.findIndex(({ key }) => key === chosen)
  return { number: at + 1, chosen: letter(choice), right, says }
}

/** A round for a script: its score once it is over. */
export function roundJson(round: Round, now: number) {
  const { kind, startedAt, questions, answers, grades } = round
  return {
    kind,
    startedAt: new Date(startedAt).toISOString(),
    questions: questions.map((question, i) => toAsk(question, i + 1, answers)),
    ...(isOver(round, now) ? { score: examScore(questions, grades) } : {}),
  }
}
