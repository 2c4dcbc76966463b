/**
 * A class: learners who were asked and have said yes tell an instructor's machine how their checks went.
 *
 *   class/member.ts        a learner's side: join, tell of a check, leave; on its own, for each check loads it
 *   serveClass(options)    the instructor's: takes it in, and has a page
 *   forwardAll(...)        hands it on to the instructor's own lab, as OTLP log records
 */
export { classCsv, classResults } from './class/export.ts'
export { forwardAll } from './class/forward.ts'
export { openJournal, readJournal } from './class/journal.ts'
export { classPage } from './class/page.ts'
export { rollOf } from './class/roll.ts'
export { serveClass } from './class/server.ts'
