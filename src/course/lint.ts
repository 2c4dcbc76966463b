import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Course, Exercise } from '../exercises.ts'
import { packageRoot } from '../util/package-root.ts'
import { commandFault, type KnownCommand } from './known-commands.ts'
import { commandsIn } from './play.ts'

export interface CourseFault {
  /** Number and slug of the exercise. */
  exercise: string
  words: string
}

/** What can be seen of a course without playing it: its format, names that do not meet, commands that do not exist. */
export async function lintCourse(course: Course): Promise<CourseFault[]> {
  const { commands } = JSON.parse(await readFile(join(packageRoot(), 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, KnownCommand>
  }
  const broken = course.broken.flatMap(({ number, slug, faults }) =>
    faults.map((words) => ({ exercise: nameOf(number, slug), words })),
  )
  const told = course.exercises.flatMap((exercise) =>
    textsOf(exercise).flatMap(({ where, line }) => {
      const fault = commandFault(line, commands)
      return fault
        ? [{ exercise: nameOf(exercise.number, exercise.slug), words: `${where}: \`${line}\`: ${fault}` }]
        : []
    }),
  )
  const twice = course.exercises.flatMap(({ number, slug }, i) =>
    course.exercises.findIndex((one) => one.number === number) < i
      ? [{ exercise: nameOf(number, slug), words: `number ${number} is there twice` }]
      : [],
  )
  return [...broken, ...told, ...twice]
}

const nameOf = (number: number, slug: string) => `${String(number).padStart(2, '0')}-${slug}`

/** Every command that the course tells somebody to type, and where it does. */
function textsOf(exercise: Exercise): { where: string; line: string }[] {
  const { hints, solution, text, solutionText, learned, wrong } = exercise
  const inline = (where: string, words: string) => commandsIn(words).map((line) => ({ where, line }))
  const indented = (where: string, words: string) =>
    words
      .split('\n')
      .filter((line) => /^ {4,}otel-lab /.test(line))
      .map((line) => ({ where, line: commandOf(line.trim()) }))
  return [
    ...solution.commands
      .map((line) => ({ where: 'solution.yaml', line }))
      .filter(({ line }) => line.startsWith('otel-lab ')),
    ...hints.flatMap(({ text: words }, i) => inline(`hints.${i}`, words)),
    ...wrong.flatMap(({ commands = [] }, i) => commands.map((line) => ({ where: `wrong.${i}`, line }))),
    ...inline('README.md', text),
    ...indented('README.md', text),
    ...inline("the solution's README.md", solutionText),
    ...indented("the solution's README.md", solutionText),
    ...inline('learned', learned),
  ]
}

/** Up to where a shell would see its end, or a remark stands beside it: a pipe, a # or two spaces outside quotes. */
function commandOf(line: string): string {
  let quote = ''
  for (const [i, sign] of [...line].entries()) {
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === "'" || sign === '"') quote = sign
    else if (sign === '|' || /^\s(?:\s|#\s)/.test(line.slice(i, i + 3))) return line.slice(0, i).trim()
  }
  return line
}
