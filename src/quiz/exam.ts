import { COMPETENCIES, type Competency, DOMAINS } from '../exercises/format/competencies.ts'
import { shuffled } from '../util/seeded.ts'
import type { AskedQuestion } from './make.ts'
import { arrange } from './score.ts'

/** As the certificate's: OTCA, 60 questions in 90 minutes, 75 % to pass. */
export const EXAM = { questions: 60, minutes: 90, pass: 0.75 } as const

export type Domain = keyof typeof DOMAINS
const domains = Object.entries(DOMAINS) as [Domain, (typeof DOMAINS)[Domain]][]
export const domainOf = (competency: Competency) => competency.split('/')[0] as Domain

/** So many questions of each domain, by the official weights; the largest remainders get what is left over. */
export function shares(total: number): Record<Domain, number> {
  const exact = domains.map(([id, { weight }]) => ({ id, exact: (total * weight) / 100 }))
  const left = total - exact.reduce((sum, one) => sum + Math.floor(one.exact), 0)
  const more = exact
    .toSorted((a, b) => (b.exact % 1) - (a.exact % 1))
    .slice(0, left)
    .map(({ id }) => id)
  return Object.fromEntries(
    exact.map(({ id, exact: share }) => [id, Math.floor(share) + (more.includes(id) ? 1 : 0)]),
  ) as Record<Domain, number>
}

/** The exam's questions and their choices in the order in which they are asked; fewer where there are not enough. */
export function drawExam(
  fixed: readonly AskedQuestion[],
  made: readonly AskedQuestion[],
  random: () => number,
  total: number = EXAM.questions,
): AskedQuestion[] {
  const drawn = Object.entries(shares(total)).flatMap(([domain, share]) => {
    const of = (list: readonly AskedQuestion[]) =>
      shuffled(
        list.filter(({ competency }) => domainOf(competency) === domain),
        random,
      )
    return evenly(of(fixed), of(made), share)
  })
  return arrange(drawn, random)
}

/** Half of them made of the learner's own telemetry where that gives so many, and each competency as often as another. */
function evenly(fixed: AskedQuestion[], made: AskedQuestion[], share: number): AskedQuestion[] {
  const own = byTurns(made, []).slice(0, Math.floor(share / 2))
  const drawn = [...own, ...byTurns(fixed, own).slice(0, share - own.length)]
  const rest = made.filter((one) => !drawn.includes(one))
  return [...drawn, ...rest.slice(0, share - drawn.length)]
}

/** In an order in which what has been asked for least comes first. */
function byTurns(list: readonly AskedQuestion[], before: readonly AskedQuestion[]): AskedQuestion[] {
  const times = new Map<Competency, number>()
  const next = (competency: Competency) => {
    const count = times.get(competency) ?? 0
    times.set(competency, count + 1)
    return count
  }
  for (const { competency } of before) next(competency)
  const turns = list.map((question) => ({ question, turn: next(question.competency) }))
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ question }) => question)
}

export interface ExamScore {
  right: number
  total: number
  passed: boolean
  domains: { id: Domain; title: string; right: number; total: number }[]
  /** What was answered wrong more than once, or every time, the worst first. */
  repeat: { competency: Competency; title: string; right: number; total: number }[]
}

/** What was not answered is wrong; what nobody can judge any more does not count. */
export function examScore(
  questions: readonly AskedQuestion[],
  grades: Readonly<Record<string, boolean | null>>,
): ExamScore {
  const counted = questions.filter(({ id }) => grades[id] !== null)
  const tally = (of: readonly AskedQuestion[]) => ({
    right: of.filter(({ id }) => grades[id] === true).length,
    total: of.length,
  })
  const all = tally(counted)
  const repeat = (Object.entries(COMPETENCIES) as [Competency, string][])
    .map(([competency, title]) => ({
      competency,
      title,
      ...tally(counted.filter((one) => one.competency === competency)),
    }))
    .filter(({ right, total }) => right < total && right / total < EXAM.pass)
  return {
    ...all,
    passed: all.total > 0 && all.right / all.total >= EXAM.pass,
    domains: domains.map(([id, { title }]) => ({
      id,
      title,
      ...tally(counted.filter(({ competency }) => domainOf(competency) === id)),
    })),
    repeat: repeat.sort((a, b) => a.right / a.total - b.right / b.total),
  }
}
