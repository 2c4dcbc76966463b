import { EXIT, type ExitCode } from '../../errors.ts'
import type { Answered, AskedQuestion, Bank, ObservedRun, Round, RoundKind, Rounds } from '../../quiz.ts'
import * as quiz from '../../quiz.ts'
import { promptSelect, promptText } from '../../ui/prompt.ts'
import { seeded } from '../../util/seeded.ts'
import { roundJson } from './json.ts'
import { renderAnswered, renderAsked, renderExamScore, renderMissed } from './round-view.ts'
import { renderGrade } from './view.ts'

export interface RoundOptions {
  kind: RoundKind
  rounds: Rounds
  /** Of the last run, where a lab is up. */
  run: ObservedRun | undefined
  bank: Bank
  competency?: string | undefined
  count: number
  seed: number
  now(): number
  log(text: string): void
}

/** The round that is under way, or a new one. */
async function beginRound(options: RoundOptions): Promise<{ round: Round; isNew: boolean }> {
  const { kind, rounds, run, bank, competency, count, seed, now } = options
  const kept = rounds.round(kind)
  if (kept && !quiz.isOver(kept, now())) return { round: kept, isNew: false }
  const made = run ? await quiz.makeQuestions(bank.made, run) : []
  const random = seeded(seed)
  const of = <T extends AskedQuestion>(list: readonly T[]) =>
    list.filter((one) => competency === undefined || one.competency.includes(competency))
  const questions =
    kind === 'exam'
      ? quiz.drawExam(bank.fixed, made, random)
      : quiz.drawPractice(of(bank.fixed), of(made), { boxes: rounds.boxes(), now: now(), count, random })
  const round: Round = { kind, startedAt: now(), questions, answers: {}, grades: {} }
  await rounds.keep(round)
  return { round, isNew: true }
}

/** One after the other, from where the round was left; false when the learner leaves. */
async function askRound(options: RoundOptions, round: Round): Promise<boolean> {
  const { kind, rounds, now, log } = options
  let left = round
  for (const [i, question] of round.questions.entries()) {
    if (question.id in left.answers) continue
    if (quiz.isOver(left, now())) break
    const time = kind === 'exam' ? `  ${quiz.minutesLeft(left, now())} min left` : ''
    const answer = await promptFor(question, `${i + 1}/${round.questions.length}${time}  ${question.ask}`)
    if (answer === undefined) return false
    const answered = await give(options, left, question, answer)
    left = answered.round
    if (kind === 'practice') log(`${renderGrade({ right: answered.right === true, says: answered.says })}\n`)
  }
  await rounds.keep({ ...left, endedAt: now() })
  return true
}

function promptFor(question: AskedQuestion, message: string): Promise<string | undefined> {
  if ('query' in question) return promptText(`${message}\n`)
  return promptSelect(
    message,
    question.choices.map(({ key, text }) => ({ name: key, message: text })),
  )
}

/** An answer is kept as soon as it is given. */
async function give(options: RoundOptions, round: Round, question: AskedQuestion, answer: string): Promise<Answered> {
  const { rounds, run, now } = options
  const answered = await quiz.answerOne({ round, boxes: rounds.boxes(), run, now: now() }, question, answer)
  await rounds.keep(answered.round, answered.boxes)
  return answered
}

/** What a script gives at once. */
async function giveAll(
  options: RoundOptions,
  round: Round,
  answers: Readonly<Record<string, string>>,
): Promise<{ round: Round; given: Answered[] }> {
  const given: Answered[] = []
  let left = round
  for (const question of round.questions) {
    const answer = answers[question.id]
    if (answer === undefined) continue
    const answered = await give(options, left, question, answer)
    left = answered.round
    given.push(answered)
  }
  return { round: left, given }
}

/** How a round is played: asked in a terminal, answered by a script, or only shown. Gives what `--json` prints. */
export async function playRound(
  options: RoundOptions,
  {
    asking,
    answers,
    query = [],
    finish,
  }: { asking: boolean; answers?: string | undefined; query?: string[] | undefined; finish: boolean },
  endWith: (code: ExitCode) => void,
) {
  const { kind, rounds, log, now } = options
  const { round, isNew } = await beginRound(options)
  const given = {
    ...(answers === undefined ? {} : quiz.parseAnswers(answers, round.questions)),
    ...quiz.parseQueries(query, round.questions),
  }
  if (asking) {
    log(`${intro(options, round, isNew)}\n`)
    if (!(await askRound(options, round))) {
      log(`\nYour answers are kept. On with it: otel-lab quiz --${kind}`)
      endWith(EXIT.interrupted)
      return
    }
  } else if (Object.keys(given).length > 0) {
    const all = (await giveAll(options, round, given)).given
    if (kind === 'practice') for (const one of all) log(`${renderAnswered(one, round)}\n`)
    if (kind === 'practice' && all.some(({ right }) => right === false)) endWith(EXIT.failed)
  } else if (!finish) {
    log(`${round.questions.map((question, i) => renderAsked(question, i + 1)).join('\n\n')}\n`)
    log(`Answer by number: otel-lab quiz --${kind} --answers 3=b,7=a\nand score it: otel-lab quiz --${kind} --finish`)
  }
  const left = rounds.round(kind)!
  if (finish || quiz.isOver(left, now())) {
    const ended = { ...left, endedAt: left.endedAt ?? now() }
    await rounds.keep(ended)
    const score = quiz.examScore(ended.questions, ended.grades)
    log([renderMissed(ended), renderExamScore(score, kind)].filter((part) => part !== '').join('\n\n'))
    if (kind === 'exam' && !score.passed) endWith(EXIT.failed)
    return roundJson(ended, now())
  }
  return roundJson(left, now())
}

function intro({ kind, run, now }: RoundOptions, round: Round, isNew: boolean): string {
  const open = round.questions.filter(({ id }) => !(id in round.answers)).length
  if (!isNew) return `On with the ${open} that are left. A new round: otel-lab quiz --${kind} --reset`
  const own = round.questions.filter(({ id }) => !quiz.isFixed(id)).length
  const about = run && own > 0 ? `, ${own} of them about your run ${run.id}` : ''
  const without = run ? '' : ' With a lab that is up and a run in it, half of them are about your own telemetry.'
  if (kind === 'practice') return `${open} questions${about}.${without}`
  return `${open} questions${about}, ${quiz.minutesLeft(round, now())} minutes, 75 % to pass. What was right is told at the end.${without}`
}
