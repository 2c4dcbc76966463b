import { type Boxes, byNeed, moved } from './boxes.ts'
import { EXAM } from './exam.ts'
import { gradeQuery } from './grade-query.ts'
import type { AskedQuestion } from './make.ts'
import type { Round } from './round.ts'
import type { ObservedRun } from './run.ts'
import { arrange, grade } from './score.ts'

const MINUTE = 60_000

export interface Answered {
  question: AskedQuestion
  /** Null when nobody can tell. */
  right: boolean | null
  says: string
  round: Round
  boxes: Boxes
}

/** Grades one answer, a choice's key or a query; gives the round and the boxes as they are after it. */
export async function answerOne(
  { round, boxes, run, now }: { round: Round; boxes: Boxes; run: ObservedRun | undefined; now: number },
  question: AskedQuestion,
  answer: string,
): Promise<Answered> {
  const { right, says } = await judge(question, answer, run)
  return {
    question,
    right,
    says,
    round: {
      ...round,
      answers: { ...round.answers, [question.id]: answer },
      grades: { ...round.grades, [question.id]: right },
    },
    boxes: right === null ? boxes : moved(boxes, question.id, right, now),
  }
}

async function judge(question: AskedQuestion, answer: string, run: ObservedRun | undefined) {
  if ('choices' in question) return grade(question, answer)
  if (run === undefined)
    return { right: null, says: 'The lab is not up, so that the query cannot be tried: it does not count.' }
  const { right = null, says } = await gradeQuery(question, answer, run)
  return { right, says }
}

/** What is to be asked now: what is due, then what is new; half of it on the learner's own run where there is one. */
export function drawPractice(
  fixed: readonly AskedQuestion[],
  made: readonly AskedQuestion[],
  { boxes, now, count, random }: { boxes: Boxes; now: number; count: number; random: () => number },
): AskedQuestion[] {
  const inTurn = (list: readonly AskedQuestion[]) => byNeed(arrange(list, random), boxes, now)
  const own = inTurn(made).slice(0, Math.floor(count / 2))
  return arrange([...own, ...inTurn(fixed).slice(0, count - own.length)], random)
}

/** Whole minutes that are left of an exam, by the clock on the wall. */
export const minutesLeft = ({ startedAt }: Round, now: number) =>
  Math.max(0, Math.ceil(EXAM.minutes - (now - startedAt) / MINUTE))

/** Everything is answered, or time is up. */
export const isOver = (round: Round, now: number) =>
  round.endedAt !== undefined ||
  round.questions.every(({ id }) => id in round.answers) ||
  (round.kind === 'exam' && minutesLeft(round, now) === 0)

/** Whether a question is the same for everybody. */
export const isFixed = (id: string) => !/^(?:made|write)-/.test(id)
