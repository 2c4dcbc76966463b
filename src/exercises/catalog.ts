import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCourseFile } from '../course-file.ts'
import { EXIT, LabError } from '../errors.ts'
import { packageRoot } from '../util/package-root.ts'
import { CHECKS } from './checks/registry.ts'
import type { Exercise, ExerciseFile, SolutionFile } from './exercise.ts'

const FOLDER = /^(\d\d)-([a-z0-9-]+)$/

/** Every exercise with its solution, in order. `root` holds `exercises/` and `solutions/`. Throws LabError `course-broken`. */
export async function loadExercises(root = packageRoot()): Promise<Exercise[]> {
  const dir = join(root, 'exercises')
  const folders = (await readdir(dir)).filter((name) => FOLDER.test(name)).sort()
  return Promise.all(folders.map((name) => loadExercise(root, name)))
}

async function loadExercise(root: string, folder: string): Promise<Exercise> {
  const [, number, slug] = FOLDER.exec(folder)!
  const exercises = join(root, 'exercises')
  const path = join(exercises, folder, 'exercise.yaml')
  const solutions = join(root, 'solutions')
  const [file, text, solution, solutionText] = await Promise.all([
    readCourseFile<ExerciseFile>(path, join(exercises, 'exercise.schema.json')),
    readText(join(exercises, folder, 'README.md')),
    readCourseFile<SolutionFile>(join(solutions, folder, 'solution.yaml'), join(exercises, 'solution.schema.json')),
    readText(join(solutions, folder, 'README.md')),
  ])
  const unknown = file.checks.find(({ check }) => !(check in CHECKS))
  if (unknown) {
    throw new LabError('course-broken', `${path}: there is no check ${unknown.check}`, {
      hint: `There are: ${Object.keys(CHECKS).join(', ')}`,
    })
  }
  return { ...file, number: Number(number), slug: slug!, text, solution, solutionText }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new LabError('course-broken', `cannot read ${path}: ${error.message}`, { cause: error })
  })
}

/** By number, or by a part of its name. Throws LabError `no-such-exercise`. */
export function findExercise(exercises: readonly Exercise[], wanted: string): Exercise {
  const found = /^\d+$/.test(wanted)
    ? exercises.find(({ number }) => number === Number(wanted))
    : exercises.find(({ slug }) => slug.includes(wanted.toLowerCase()))
  if (found) return found
  throw new LabError('no-such-exercise', `there is no exercise ${wanted}`, {
    hint: exercises.map(({ number, title }) => `otel-lab exercise ${number}   ${title}`).join('\n'),
    exit: EXIT.usage,
  })
}
