import type { CourseText } from '../course-file.ts'
import { checkKind } from './checks/registry.ts'
import type { CheckSpec } from './exercise.ts'
import type { ExerciseFile } from './format.ts'
import { isOutage } from './outage.ts'
import { BUILT_IN, namesIn } from './values.ts'

export interface LintFault {
  line: number
  words: string
}

/** What a schema cannot tell: names that do not meet, queries that ask for anybody's data. Each with its line. */
export function lintExercise({ value: file, lineOf }: CourseText<ExerciseFile>): LintFault[] {
  const { checks, answers = [], hints, wrong, parameters = {}, requires = [], drive } = file
  const faults: LintFault[] = []
  const at = (path: (string | number)[], words: string) => faults.push({ line: lineOf(...path), words })
  const ids = checks.map(({ id }) => id)
  const keys = answers.map(({ key }) => key)
  const list = (names: readonly string[]) => names.join(', ') || 'none'

  for (const [i, spec] of checks.entries()) {
    if (ids.indexOf(spec.id) < i) at(['checks', i, 'id'], `checks.${i}.id ${spec.id} is there twice`)
    for (const words of checkKind(spec.check)!.lint?.(spec) ?? [])
      at(['checks', i], `checks.${i} (${spec.id}): ${words}`)
    for (const words of patternFaults(spec)) at(['checks', i], `checks.${i} (${spec.id}): ${words}`)
    if (spec.check === 'answer' && !keys.includes(spec.answer as string))
      at(['checks', i, 'answer'], `checks.${i}.answer: there is no answer ${spec.answer}; there are ${list(keys)}`)
    if (needsOthers(spec) && !drive.run.some((step) => 'demo' in step))
      at(
        ['checks', i, 'grade'],
        `checks.${i} (${spec.id}): say others, a drive by which other values are right: ${SAME}`,
      )
    if (spec.check === 'latency' && !drive.watch?.includes(spec.way as never))
      at(['checks', i], `checks.${i} (${spec.id}): the drive must watch ${spec.way}`)
  }
  if (drive.run.every((step) => isOutage(step))) at(['drive', 'run'], 'drive.run: nothing is run')
  if (drive.run.some((step) => 'stop' in step) && !requires.some((one) => 'can' in one && one.can === 'stop'))
    at(['drive', 'run'], 'drive.run stops a backend: say requires: [{ can: stop }], for not every engine can')
  for (const [i, { after }] of hints.entries()) {
    const [id] = after?.split('/') ?? []
    if (id !== undefined && !ids.includes(id))
      at(['hints', i, 'after'], `hints.${i}.after: there is no check ${id}; there are ${list(ids)}`)
  }
  if (hints.filter(({ after }) => after === undefined).length < 2)
    at(['hints'], 'hints: at least two must help somebody who has failed nothing yet (no after)')
  for (const [i, one] of wrong.entries()) {
    const [id] = one.gets.split('/')
    if (!ids.includes(id!)) at(['wrong', i, 'gets'], `wrong.${i}.gets: there is no check ${id}; there are ${list(ids)}`)
    for (const key of Object.keys(one.answers ?? {}))
      if (!keys.includes(key))
        at(['wrong', i, 'answers'], `wrong.${i}.answers: there is no answer ${key}; there are ${list(keys)}`)
  }
  for (const [i, { unless = [] }] of answers.entries())
    for (const key of unless)
      if (!keys.includes(key)) at(['answers', i, 'unless'], `answers.${i}.unless: there is no answer ${key}`)
  const known = [...Object.keys(parameters), ...BUILT_IN, 'seen']
  for (const part of ['drive', 'checks', 'hints', 'learned', 'answers'] as const) {
    const unknown = [...new Set(namesIn(file[part]))].filter((name) => !known.includes(name))
    for (const name of unknown)
      at([part], `${part}: \${${name}} is no parameter; there are ${list([...Object.keys(parameters), ...BUILT_IN])}`)
  }
  return faults
}

const SAME = "run again, the learner's own program gives the same, and so does a query that holds the result"

/** Our demonstration can be given other work to do; what else is run does what it did. */
const needsOthers = (spec: CheckSpec) =>
  spec.check === 'answer' && (spec.grade as { as: string }).as === 'query' && !('others' in (spec.grade as object))

/** Parameters of checks that are regular expressions by their kind's own word. */
function patternFaults(spec: CheckSpec): string[] {
  return ['output', 'not', 'text'].flatMap((name) => {
    const pattern = spec[name]
    if (typeof pattern !== 'string') return []
    try {
      new RegExp(pattern)
      return []
    } catch (error) {
      return [`${name}: ${(error as Error).message}`]
    }
  })
}
