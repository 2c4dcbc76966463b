import { EXIT, LabError, QueryError } from '../../errors.ts'
import { renderCaret } from '../../ui/caret.ts'
import { type Paint, paint } from '../../ui/paint.ts'

/** oclif hangs its exit code here; 2 is a command line that it could not parse. */
interface OclifError extends Error {
  oclif?: { exit?: number | false }
}

export function exitCodeOf(error: Error): number {
  if (error instanceof LabError) return error.exit
  if (error instanceof QueryError) return EXIT.failed
  const exit = (error as OclifError).oclif?.exit
  return typeof exit === 'number' ? exit : EXIT.broken
}

/** `{ code, message, hint?, ... }`, the same shape for every kind of error. */
export function errorToJson(error: Error, exit: number): Record<string, unknown> {
  if (error instanceof LabError) return { code: error.code, message: error.message, hint: error.hint, exit }
  if (error instanceof QueryError) {
    const { message, query, position, length } = error
    return { code: 'query', message, query, position, length, exit }
  }
  return { code: isUsage(error) ? 'usage' : 'bug', message: error.message, exit }
}

/**
 * What happened, why, and `→` the next command; a query with a caret; a usage error with where to read on;
 * anything else is our bug and shows its stack.
 */
export function renderError(error: Error, context: { command: string; paint?: Paint }): string {
  const p = context.paint ?? paint({ stream: 'stderr' })
  if (error instanceof LabError) {
    const [first, ...rest] = error.message.split('\n')
    const hints = (error.hint ?? '').split('\n').filter((line) => line !== '')
    return [
      `${p.red('✗')} ${first}`,
      ...rest.map((line) => `  ${line}`),
      ...hints.map((line, i) => `  ${i === 0 ? p.cyan('→') : ' '} ${line}`),
    ].join('\n')
  }
  if (error instanceof QueryError) {
    const meant = error.hint ? `\n  perhaps you mean\n  ${p.cyan('→')} ${error.hint}` : ''
    return `${p.red('✗')} The query cannot be answered.\n${renderCaret(error, { paint: p })}${meant}`
  }
  if (isUsage(error)) {
    const message = error.message.replace(/\nSee more help with --help$/, '')
    return `${p.red('✗')} ${message}\n  ${p.cyan('→')} ${context.command} --help`
  }
  return `${p.red('✗')} This is a bug of otel-lab.\n${error.stack ?? error.message}`
}

function isUsage(error: Error): boolean {
  return (error as OclifError).oclif?.exit === EXIT.usage
}
