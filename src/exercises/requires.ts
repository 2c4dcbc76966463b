import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveConfig } from '../collector-config.ts'
import { EXIT, type ExitCode, LabError } from '../errors.ts'
import type { Exercise, RequirementSpec } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import type { openProgress } from './progress.ts'
import { isAsGiven } from './start-files.ts'
import type { Values } from './values.ts'

interface Missing {
  what: string
  next: string
  exit: ExitCode
}

type Progress = Pick<ReturnType<typeof openProgress>, 'all'>

/** What must be true to start and is not. It is no failure of the exercise's goal. */
export async function missingRequirements(
  exercise: Exercise,
  lab: ExerciseLab,
  progress: Progress,
  values: Values,
): Promise<Missing[]> {
  const asked = await Promise.all(
    (exercise.requires ?? []).map((one) =>
      'given' in one ? changed(one.given, exercise, lab, values) : missing(one, lab, progress),
    ),
  )
  return asked.filter((one) => one !== undefined)
}

/** Throws LabError `not-ready` with all that is missing. */
export async function requireAll(
  exercise: Exercise,
  lab: ExerciseLab,
  progress: Progress,
  values: Values,
): Promise<void> {
  const all = await missingRequirements(exercise, lab, progress, values)
  if (all.length === 0) return
  throw new LabError(
    'not-ready',
    `exercise ${exercise.number} cannot start: ${all.map(({ what }) => what).join('; ')}`,
    {
      hint: all.map(({ next }) => next).join('\n'),
      exit: all.some(({ exit }) => exit === EXIT.broken) ? EXIT.broken : EXIT.failed,
    },
  )
}

const WHAT = {
  logs: "give the collector's output",
  configure: 'change its configs',
  stop: 'stop one component by itself',
}

async function changed(
  path: string,
  exercise: Exercise,
  lab: ExerciseLab,
  values: Values,
): Promise<Missing | undefined> {
  if (await isAsGiven(exercise, path, lab.root, values)) return undefined
  return {
    what: `${path} is not as it came, and here it stays as it is`,
    next: `otel-lab exercise ${exercise.number} --reset, which brings it back and keeps yours beside it`,
    exit: EXIT.failed,
  }
}

async function missing(
  spec: Exclude<RequirementSpec, { given: string }>,
  lab: ExerciseLab,
  progress: Progress,
): Promise<Missing | undefined> {
  if ('engine' in spec) {
    const wanted = [spec.engine].flat()
    if (wanted.includes(lab.engine)) return undefined
    return {
      what: `it needs the engine ${wanted.join(' or ')}, and this lab runs on ${lab.engine}`,
      next: `otel-lab up --engine ${wanted[0]}`,
      exit: EXIT.broken,
    }
  }
  if ('can' in spec) {
    if (lab.can[spec.can]) return undefined
    const what = WHAT[spec.can]
    return { what: `this engine cannot ${what}`, next: 'otel-lab up --engine embedded', exit: EXIT.broken }
  }
  if ('program' in spec) {
    if (await lab.hasProgram(spec.program)) return undefined
    return { what: `there is no ${spec.program} on your PATH`, next: `Install ${spec.program}`, exit: EXIT.broken }
  }
  if ('file' in spec) {
    const there = await stat(join(lab.root, spec.file)).then(
      (entry) => entry.isFile(),
      () => false,
    )
    return there
      ? undefined
      : { what: `there is no ${spec.file} yet`, next: `Write ${join(lab.root, spec.file)}`, exit: EXIT.failed }
  }
  if ('config' in spec) {
    const { diagnostics } = resolveConfig(await lab.collector.readConfig(), lab.env)
    const fault = diagnostics.find(({ severity }) => severity === 'error')
    return (
      fault && { what: `${lab.collector.shown}: ${fault.message}`, next: 'otel-lab config validate', exit: EXIT.failed }
    )
  }
  const passed = Object.entries(await progress.all()).some(
    ([key, { passedAt }]) => key.includes(spec.passed) && passedAt,
  )
  return passed
    ? undefined
    : { what: `${spec.passed} comes first`, next: `otel-lab exercise ${spec.passed}`, exit: EXIT.failed }
}
