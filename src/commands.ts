import { ClassExport } from './commands/class/export.ts'
import { ClassJoin } from './commands/class/join.ts'
import { ClassLeave } from './commands/class/leave.ts'
import { ClassServe } from './commands/class/serve.ts'
import { ClassStatus } from './commands/class/status.ts'
import { ConfigDiff } from './commands/config/diff.ts'
import { ConfigMigrate } from './commands/config/migrate.ts'
import { ConfigPatch } from './commands/config/patch.ts'
import { ConfigReset } from './commands/config/reset.ts'
import { ConfigShow } from './commands/config/show.ts'
import { ConfigTry } from './commands/config/try.ts'
import { ConfigValidate } from './commands/config/validate.ts'
import { Correlate } from './commands/correlate.ts'
import { CourseLint } from './commands/course/lint.ts'
import { CourseNew } from './commands/course/new.ts'
import { CourseTest } from './commands/course/test.ts'
import { CourseUse } from './commands/course/use.ts'
import { Doctor } from './commands/doctor.ts'
import { Down } from './commands/down.ts'
import { Exercise } from './commands/exercise.ts'
import { Flow } from './commands/flow.ts'
import { ImagesLoad } from './commands/images/load.ts'
import { ImagesPull } from './commands/images/pull.ts'
import { ImagesSave } from './commands/images/save.ts'
import { Images } from './commands/images.ts'
import { IncidentAnswer } from './commands/incident/answer.ts'
import { IncidentCheck } from './commands/incident/check.ts'
import { IncidentGiveUp } from './commands/incident/give-up.ts'
import { IncidentStart } from './commands/incident/start.ts'
import { IncidentStatus } from './commands/incident/status.ts'
import { Latency } from './commands/latency.ts'
import { Learn } from './commands/learn.ts'
import { Lesson } from './commands/lesson.ts'
import { Logs } from './commands/logs.ts'
import { Open } from './commands/open.ts'
import { Page } from './commands/page.ts'
import { QueryLoki } from './commands/query/loki.ts'
import { QueryPrometheus } from './commands/query/prometheus.ts'
import { QueryTempo } from './commands/query/tempo.ts'
import { Quiz } from './commands/quiz.ts'
import { Report } from './commands/report.ts'
import { Restart } from './commands/restart.ts'
import { Run } from './commands/run.ts'
import { Status } from './commands/status.ts'
import { Storage } from './commands/storage.ts'
import { Topology } from './commands/topology.ts'
import { Tour } from './commands/tour.ts'
import { Trace } from './commands/trace.ts'
import { Up } from './commands/up.ts'

export { LabHelp } from './commands/base/help.ts'
export { commandNotFound } from './commands/base/not-found.ts'

/** Every command by its id; a space on the command line is a colon here. `npm run build` writes the manifest. */
export const COMMANDS = {
  'class:export': ClassExport,
  'class:join': ClassJoin,
  'class:leave': ClassLeave,
  'class:serve': ClassServe,
  'class:status': ClassStatus,
  'config:diff': ConfigDiff,
  'config:migrate': ConfigMigrate,
  'config:patch': ConfigPatch,
  'config:reset': ConfigReset,
  'config:show': ConfigShow,
  'config:try': ConfigTry,
  'config:validate': ConfigValidate,
  correlate: Correlate,
  'course:lint': CourseLint,
  'course:new': CourseNew,
  'course:test': CourseTest,
  'course:use': CourseUse,
  doctor: Doctor,
  down: Down,
  images: Images,
  'images:load': ImagesLoad,
  'images:pull': ImagesPull,
  'images:save': ImagesSave,
  exercise: Exercise,
  'incident:answer': IncidentAnswer,
  'incident:check': IncidentCheck,
  'incident:give-up': IncidentGiveUp,
  'incident:start': IncidentStart,
  'incident:status': IncidentStatus,
  flow: Flow,
  latency: Latency,
  learn: Learn,
  lesson: Lesson,
  logs: Logs,
  open: Open,
  page: Page,
  quiz: Quiz,
  'query:loki': QueryLoki,
  'query:prometheus': QueryPrometheus,
  'query:tempo': QueryTempo,
  report: Report,
  restart: Restart,
  run: Run,
  status: Status,
  storage: Storage,
  trace: Trace,
  topology: Topology,
  tour: Tour,
  up: Up,
}
