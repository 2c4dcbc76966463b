import { join } from 'node:path'
import { readCourseFile } from '../course-file.ts'
import { packageRoot } from '../util/package-root.ts'
import type { Question } from './question.ts'

/** The questions in the order of the file. Throws LabError `course-broken`. */
export async function loadQuiz(dir = join(packageRoot(), 'exercises')): Promise<Question[]> {
  const { questions } = await readCourseFile<{ questions: Question[] }>(
    join(dir, 'quiz.yaml'),
    join(dir, 'quiz.schema.json'),
  )
  return questions
}
