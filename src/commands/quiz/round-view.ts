import type { Answered, AskedQuestion, ExamScore, Round, RoundKind } from '../../quiz.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { renderQuestion } from './view.ts'

const LANGUAGES = { traceql: 'TraceQL', promql: 'PromQL', logql: 'LogQL' } as const

export function renderAsked(question: AskedQuestion, number: number, p: Paint = paint()): string {
  if ('choices' in question) return renderQuestion(question, number, p)
  return `${p.bold(`${number}. ${question.ask}`)}\n   in ${LANGUAGES[question.query.language]}: --query '${number}=...'`
}

/** What came of one answer. */
export function renderAnswered({ question, right, says }: Answered, { questions }: Round, p: Paint = paint()): string {
  const number = questions.findIndex(({ id }) => id === question.id) + 1
  const mark = right === null ? p.yellow('-') : right ? p.green('✓') : p.red('✗')
  return `${number}. ${question.ask}\n   ${mark} ${says}`
}

/** Every question that was answered wrong, with what is to be said of it. */
export function renderMissed({ questions, answers, grades }: Round, p: Paint = paint()): string {
  const missed = questions.flatMap((question, i) => {
    const answer = answers[question.id]
    if (grades[question.id] !== false || answer === undefined) return []
    if ('query' in question)
      return [`${i + 1}. ${question.ask}\n   ${p.red('✗')} ${answer}\n   ${p.green('✓')} ${question.query.reference}`]
    const chosen = question.choices.find(({ key }) => key === answer)
    const right = question.choices.find((choice) => choice.right)!
    return [
      `${i + 1}. ${question.ask}\n   ${p.red('✗')} ${chosen?.text ?? answer}: ${chosen?.says ?? ''}\n   ${p.green('✓')} ${right.text}: ${right.says}`,
    ]
  })
  return missed.join('\n\n')
}

/** The score of each domain, and what to go over again. */
export function renderExamScore(score: ExamScore, kind: RoundKind, p: Paint = paint()): string {
  const { right, total, passed, domains, repeat } = score
  const percent = (part: { right: number; total: number }) =>
    part.total === 0 ? '-' : `${Math.round((part.right / part.total) * 100)} %`
  const rows = domains
    .filter((domain) => domain.total > 0)
    .map((domain) => [domain.title, `${domain.right} of ${domain.total}`, percent(domain)])
  const verdict =
    kind === 'practice'
      ? `${right} of ${total} right.`
      : `${passed ? p.green('✓ passed') : p.red('✗ not passed')}: ${right} of ${total} right, ${percent(score)}; 75 % are needed.`
  const again = repeat.map(
    ({ title, competency, ...one }) => `  ${title} (${competency}): ${one.right} of ${one.total}`,
  )
  return [
    renderTable(['DOMAIN', { title: 'RIGHT', align: 'right' }, { title: '', align: 'right' }], rows, { paint: p }),
    '',
    verdict,
    ...(again.length > 0 ? ['', 'To go over again:', ...again, '→ otel-lab quiz --practice'] : []),
  ].join('\n')
}
