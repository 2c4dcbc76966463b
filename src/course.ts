/**
 * Courses: whether one holds what it promises, and how to begin one.
 *
 *   testCourse(options)    a robot student plays every state of every exercise, in labs of its own
 *   lintCourse(course)     what can be seen without playing
 *   newCourse(dir)         an exercise to start from
 *   findCourse(...)        a folder or an npm package as a course
 */
export { type Covered, coverageOf } from './course/coverage.ts'
export { findCourse } from './course/find.ts'
export { openRobotLab } from './course/lab.ts'
export { lintCourse } from './course/lint.ts'
export { newCourse } from './course/new.ts'
export { findTerminals } from './course/terminal.ts'
export { type Played, testCourse } from './course/test.ts'
