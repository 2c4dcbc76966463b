import { join } from 'node:path'
import { readCourseFile } from '../course-file.ts'
import type { Competency } from '../exercises/format/competencies.ts'
import { packageRoot } from '../util/package-root.ts'
import type { Made, Question, Written } from './format.ts'

const FOLDER = () => join(packageRoot(), 'exercises')
const FILES = ['fundamentals', 'api-sdk', 'collector', 'debugging']

/** The lesson's questions in the order of the file. Throws LabError `course-broken`. */
export const loadQuiz = (dir = FOLDER()) => readQuestions(dir, 'quiz.yaml')

/** All questions there are, each with what it asks for. */
export interface Bank {
  fixed: (Question & { competency: Competency })[]
  /** To be made from a run's telemetry. */
  made: (Made | Written)[]
}

/** Throws LabError `course-broken`. */
export async function loadBank(dir = FOLDER()): Promise<Bank> {
  const [lesson, { questions: made }, ...files] = await Promise.all([
    loadQuiz(dir),
    readCourseFile<{ questions: Bank['made'] }>(join(dir, 'questions/made.yaml'), join(dir, 'made.schema.json')),
    ...FILES.map((name) => readQuestions(dir, `questions/${name}.yaml`)),
  ])
  const fixed = [...lesson, ...files.flat()].filter((one): one is Bank['fixed'][number] => one.competency !== undefined)
  return { fixed, made }
}

async function readQuestions(dir: string, path: string): Promise<Question[]> {
  const { questions } = await readCourseFile<{ questions: Question[] }>(join(dir, path), join(dir, 'quiz.schema.json'))
  return questions
}
