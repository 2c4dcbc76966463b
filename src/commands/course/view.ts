import type { Covered, Played } from '../../course.ts'
import { type Course, DOMAINS } from '../../exercises.ts'
import { type Paint, paint } from '../../ui/paint.ts'

export function renderBeginning({ name, exercises }: Course, inTerminal: boolean): string {
  const how = inTerminal ? 'in a pseudo-terminal, by keys and saved files' : 'by --check and --answer'
  return `A robot plays ${name}, ${exercises.length} exercises, ${how}.\n`
}

export function renderPlayed({ exercise, state, kind, faults, ms }: Played, p: Paint = paint()): string {
  const mark = faults.length === 0 ? p.green('✓') : p.red('✗')
  const took = p.dim(`${(ms / 1000).toFixed(1)} s`)
  const lines = faults.flatMap((fault) => fault.split('\n')).map((line) => `    ${line}`)
  return [`${mark} ${exercise}. ${p.dim(`${kind}:`)} ${state}  ${took}`, ...lines].join('\n')
}

export function renderEnd(played: readonly Played[], minutes: number, p: Paint = paint()): string {
  const wrong = played.filter(({ faults }) => faults.length > 0)
  const sum = `${played.length} states played in ${minutes.toFixed(1)} minutes`
  return wrong.length === 0
    ? `\n${p.green('✓')} ${sum}: all are as the course says.`
    : `\n${p.red('✗')} ${sum}: ${wrong.length} not as the course says.`
}

/** The competencies of the OTCA with their exercises, states played, and minutes. */
export function renderCoverage(covered: readonly Covered[], p: Paint = paint()): string {
  const domains = [...new Set(covered.map(({ domain }) => domain))]
  const rows = domains.flatMap((domain) => [
    '',
    p.bold(DOMAINS[domain as keyof typeof DOMAINS].title),
    ...covered.filter((one) => one.domain === domain).flatMap(coveredRows),
  ])
  return rows.join('\n')
}

/** Many exercises take a second line, below the first ones. */
function coveredRows({ title, exercises, states, green, minutes }: Covered): string[] {
  const all = exercises.map((number) => String(number))
  const lines = Array.from({ length: Math.max(1, Math.ceil(all.length / 6)) }, (_, i) => all.slice(i * 6, i * 6 + 6))
  const sums = `${green}/${states} states`.padStart(14) + `${minutes} min`.padStart(9)
  return lines.map((numbers, i) =>
    `  ${(i === 0 ? title : '').padEnd(31)}${numbers.join(' ').padEnd(18)}${i === 0 ? sums : ''}`.trimEnd(),
  )
}
