import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { readCourseFile } from './course-file.ts'
import { packageRoot } from './util/package-root.ts'

const line = (description: string) => Type.String({ description, minLength: 1, maxLength: 400 })

/** exercises/lesson.yaml. The published exercises/lesson.schema.json is this very object; a test sees to it. */
export const LessonSchema = Type.Object(
  {
    lesson: line('What the lesson is called'),
    steps: Type.Array(
      Type.Object(
        {
          step: line('What the learner is after'),
          theirs: line('What the lesson tells to type, edit or open'),
          ours: Type.Array(line('What does it here, ready to type'), { minItems: 1 }),
          differs: Type.Optional(line('What is otherwise than in the lesson, and why')),
        },
        { additionalProperties: false },
      ),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false, title: "A lesson's commands and their counterparts in the lab" },
)

export type Lesson = Static<typeof LessonSchema>

/** Throws LabError `course-broken`. */
export async function loadLesson(dir = join(packageRoot(), 'exercises')): Promise<Lesson> {
  return readCourseFile<Lesson>(join(dir, 'lesson.yaml'), join(dir, 'lesson.schema.json'))
}
