import type { Played } from '../../course.ts'
import type { Course } from '../../exercises.ts'
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
