import { COMPETENCIES, type Course } from '../exercises.ts'
import type { Played } from './test.ts'

/** One competency of the OTCA, what of the course serves it, and how that went when it was played. */
export interface Covered {
  domain: string
  title: string
  exercises: number[]
  /** States that were played of them, and those that were as the course says. */
  states: number
  green: number
  /** For a learner, by what the exercises say. */
  minutes: number
}

/** Every competency, also those that nothing serves; empty for a course that names none. */
export function coverageOf({ exercises }: Course, played: readonly Played[]): Covered[] {
  if (exercises.every(({ competencies = [] }) => competencies.length === 0)) return []
  return Object.entries(COMPETENCIES).map(([id, title]) => {
    const serving = exercises.filter(({ competencies }) => competencies?.includes(id as never))
    const numbers = serving.map(({ number }) => number)
    const states = played.filter(({ exercise }) => numbers.includes(exercise))
    return {
      domain: id.split('/')[0]!,
      title,
      exercises: numbers,
      states: states.length,
      green: states.filter(({ faults }) => faults.length === 0).length,
      minutes: serving.reduce((sum, { minutes }) => sum + minutes, 0),
    }
  })
}
