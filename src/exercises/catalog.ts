import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type CourseText, courseBroken, courseParser, readCourseText } from '../course-file.ts'
import { EXIT, LabError } from '../errors.ts'
import { packageRoot } from '../util/package-root.ts'
import { digestOf } from './digest.ts'
import type { Exercise } from './exercise.ts'
import type { SolutionFile } from './format/teaching.ts'
import { type ExerciseFile, exerciseFormat, solutionFormat } from './format.ts'
import { lintExercise } from './lint.ts'
import { SHIPPED } from './shipped.ts'

const FOLDER = /^(\d\d)-([a-z0-9-]+)$/
/** The name of the course that came with otel-lab. */
export const BUILT_IN_COURSE = 'otel-lab'

/** An exercise that cannot be used as it is written; the others can. */
export interface BrokenExercise {
  number: number
  slug: string
  folder: string
  /** Each begins with file and line: `exercises/04-x/exercise.yaml:9: ...` */
  faults: string[]
}

export interface Course {
  name: string
  root: string
  exercises: Exercise[]
  broken: BrokenExercise[]
}

/**
 * A course: `exercises/NN-slug/` and `solutions/NN-slug/` below `root`, in order. An author's slip breaks its own
 * exercise only. Throws LabError `no-course` when there is no exercise at all.
 */
export async function loadCourse(root = packageRoot(), name?: string): Promise<Course> {
  const course = { name: name ?? (root === packageRoot() ? BUILT_IN_COURSE : basename(root)), root }
  const entries = await readdir(join(root, 'exercises')).catch(() => [])
  const folders = entries.filter((entry) => FOLDER.test(entry)).sort()
  if (folders.length === 0) {
    throw new LabError('no-course', `there is no exercise in ${join(root, 'exercises')}`, {
      hint: 'A course holds exercises/NN-name/exercise.yaml and solutions/NN-name/solution.yaml',
      exit: EXIT.usage,
    })
  }
  const parse = parsers()
  const loaded = await Promise.all(folders.map((folder) => loadExercise(course, folder, parse)))
  return {
    ...course,
    exercises: loaded.filter((one) => 'checks' in one),
    broken: loaded.filter((one) => 'faults' in one),
  }
}

const parsers = () => ({
  exercise: courseParser<ExerciseFile>(exerciseFormat),
  solution: courseParser<SolutionFile>(solutionFormat),
})

async function loadExercise(
  course: Pick<Course, 'name' | 'root'>,
  folder: string,
  parse: ReturnType<typeof parsers>,
): Promise<Exercise | BrokenExercise> {
  const [, number, slug] = FOLDER.exec(folder)!
  const of = { number: Number(number), slug: slug!, folder: join(course.root, 'exercises', folder) }
  const solutionFolder = join(course.root, 'solutions', folder)
  const faults: string[] = []
  const tried = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      faults.push(...error.message.split('\n'))
      return undefined
    }
  }
  const paths = exerciseFiles(folder)
  const texts = await Promise.all(paths.map((path) => tried(() => readCourseText(join(course.root, path), path))))
  const [exerciseText, text, solutionYaml, solutionText] = texts
  const digest = texts.includes(undefined) ? '' : digestOf(texts as string[])
  const isBuiltIn = course.name === BUILT_IN_COURSE
  // What was shipped was checked before it was.
  const known = isBuiltIn && digest === SHIPPED[folder]
  const file =
    exerciseText === undefined ? undefined : await tried(() => parse.exercise(exerciseText, paths[0]!, known))
  const solution =
    solutionYaml === undefined ? undefined : await tried(() => parse.solution(solutionYaml, paths[2]!, known))
  if (file && !known) faults.push(...lintExercise(file).map(({ line, words }) => `${paths[0]}:${line}: ${words}`))
  if (file && solution) faults.push(...lintSolution(file, solution).map((words) => `${paths[2]}:${words}`))
  if (faults.length > 0) return { ...of, faults }
  return {
    ...file!.value,
    ...of,
    solutionFolder,
    text: text!,
    solution: solution!.value,
    solutionText: solutionText!,
    course: course.name,
    digest,
    changed: isBuiltIn && !known,
  }
}

/** What an exercise is made of, below its course's root, in the order in which its digest takes them. */
const exerciseFiles = (folder: string): string[] => [
  join('exercises', folder, 'exercise.yaml'),
  join('exercises', folder, 'README.md'),
  join('solutions', folder, 'solution.yaml'),
  join('solutions', folder, 'README.md'),
]

function lintSolution({ value }: CourseText<ExerciseFile>, solution: CourseText<SolutionFile>): string[] {
  const keys = (value.answers ?? []).map(({ key }) => key)
  const given = solution.value.answers ?? {}
  return Object.keys(given)
    .filter((key) => !keys.includes(key))
    .map(
      (key) => `${solution.lineOf('answers', key)}: there is no answer ${key}; there are ${keys.join(', ') || 'none'}`,
    )
}

/** By number, or by a part of its name. Throws LabError `no-such-exercise`, or `course-broken` for one that is. */
export function findExercise({ exercises, broken }: Pick<Course, 'exercises' | 'broken'>, wanted: string): Exercise {
  const isWanted = ({ number, slug }: { number: number; slug: string }) =>
    /^\d+$/.test(wanted) ? number === Number(wanted) : slug.includes(wanted.toLowerCase())
  const found = exercises.find(isWanted)
  if (found) return found
  const unusable = broken.find(isWanted)
  if (unusable) throw courseBroken(unusable.faults)
  throw new LabError('no-such-exercise', `there is no exercise ${wanted}`, {
    hint: exercises.map(({ number, title }) => `otel-lab exercise ${number}   ${title}`).join('\n'),
    exit: EXIT.usage,
  })
}
