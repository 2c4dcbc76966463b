import { COMPETENCIES, DOMAINS } from '../format/competencies.ts'
import type { CourseReport, ReportedExercise } from '../report.ts'
import { stateWords } from './words.ts'

/** A report to read, to send and to put into a repository. */
export function reportMarkdown(report: CourseReport): string {
  const { course, madeAt, labId, exercises } = report
  const passed = exercises.filter(({ state }) => state === 'passed').length
  const rows = exercises.map(
    (one) => `| ${one.number} | ${cell(one.title)} | ${cell(stateWords(one))} | ${one.checks} |`,
  )
  return [
    `# ${text(course)}: ${passed} of ${exercises.length} exercises passed`,
    '',
    `Made ${madeAt.slice(0, 19).replace('T', ' ')} UTC by \`otel-lab report\`. Signed by lab \`${labId}\`.`,
    '',
    '| | Exercise | State | Checks |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...exercises.filter(({ evidence }) => evidence.length > 0).flatMap(section),
    ...competencies(exercises),
    'Check it again, signatures and traces: `otel-lab report --verify`',
    '',
  ].join('\n')
}

function section(exercise: ReportedExercise): string[] {
  const { number, title, goal, passedAt, pass, evidence } = exercise
  return [
    `## ${number}. ${text(title)}`,
    '',
    text(goal),
    '',
    `Passed ${passedAt?.slice(0, 19).replace('T', ' ') ?? ''} UTC by run \`${pass?.runId ?? ''}\`.`,
    '',
    ...evidence.flatMap(({ title: check, seen, query, traceId, link }) => [
      `- **${text(check)}**: ${text(seen)}`,
      ...(query ? [`  - asked: ${code(query)}`] : []),
      ...(traceId ? [`  - trace: ${isLink(link) ? `[${text(traceId)}](${link})` : code(traceId)}`] : []),
    ]),
    '',
  ]
}

/** How much of what the OpenTelemetry Certified Associate is examined in was passed; nothing where no exercise says. */
function competencies(exercises: readonly ReportedExercise[]): string[] {
  const rows = Object.entries(COMPETENCIES).flatMap(([id, title]) => {
    const serve = exercises.filter((one) => one.competencies?.includes(id))
    if (serve.length === 0) return []
    const passed = serve.filter(({ state }) => state === 'passed').length
    const domain = DOMAINS[id.split('/')[0] as keyof typeof DOMAINS].title
    return [`| ${domain} | ${title} | ${passed} of ${serve.length} |`]
  })
  if (rows.length === 0) return []
  return ['## Competencies (OTCA)', '', '| Domain | Competency | Exercises passed |', '|---|---|---|', ...rows, '']
}

/** A report may be a stranger's: nothing but the web, and nothing that ends the link early. */
const isLink = (link: string | undefined): boolean => link !== undefined && /^https?:\/\/[^\s()<>]+$/.test(link)

/** Text that came from telemetry or from an author: none of it is markup. */
function text(words: string): string {
  return words
    .replaceAll(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`)
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const cell = text

function code(words: string): string {
  const longest = Math.max(0, ...(words.match(/`+/g) ?? []).map((ticks) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence} ${words.replaceAll(/\s+/g, ' ')} ${fence}`
}
