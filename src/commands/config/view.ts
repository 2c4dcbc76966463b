import type { Diagnostic } from '../../collector-config.ts'
import type { Paint } from '../../ui/paint.ts'

/** A unified diff in colours. */
export function renderDiff(diff: string, p: Paint): string {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---')) return p.bold(line)
      if (line.startsWith('+')) return p.green(line)
      if (line.startsWith('-')) return p.red(line)
      return line.startsWith('@@') ? p.cyan(line) : line
    })
    .join('\n')
}

/**
 * A problem with its place, the line it is about and a caret:
 * ```
 * ✗ configs/x.yaml:9:3  'exporters' unknown type: "foo" for id: "foo" (valid values: [...])
 *     9 |   foo:
 *       |   ^
 *   → did you mean file?
 * ```
 */
export function renderProblem(problem: Diagnostic, text: string, file: string, p: Paint): string {
  const { severity, message, line, column, hint } = problem
  const mark = severity === 'error' ? p.red('✗') : p.yellow('!')
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`
  const [first, ...rest] = message.split('\n').filter((row) => row.trim() !== '')
  const rows = [`${mark} ${p.dim(place)}  ${first}`, ...rest.map((row) => `    ${row}`)]
  const source = line === undefined ? undefined : text.split(/\r?\n/)[line - 1]
  if (source !== undefined && source.trim() !== '') rows.push(...excerpt(source, line!, column ?? 1, p))
  if (hint !== undefined) rows.push(`  ${p.cyan('→')} ${hint}`)
  return rows.join('\n')
}

const WIDTH = 100

function excerpt(source: string, line: number, column: number, p: Paint): string[] {
  const number = String(line).padStart(5)
  const clipped = source.length > WIDTH ? `${source.slice(0, WIDTH)}…` : source
  const at = Math.min(column - 1, clipped.length)
  // Tabs stay tabs, so that the caret stands under its letter.
  const lead = clipped.slice(0, at).replace(/[^\t]/g, ' ')
  const gutter = p.dim('|')
  return [`${p.dim(number)} ${gutter} ${clipped}`, `${' '.repeat(5)} ${gutter} ${lead}${p.red('^')}`]
}

/** "2 problems, 1 warning" */
export function countProblems(problems: readonly Diagnostic[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const say = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
  return [errors > 0 && say(errors, 'problem'), warnings > 0 && say(warnings, 'warning')].filter(Boolean).join(', ')
}
