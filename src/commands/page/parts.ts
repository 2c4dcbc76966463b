import { join } from 'node:path'
import { openBackends } from '../../backends.ts'
import type { Engine } from '../../engine.ts'
import { type Course, openWalks } from '../../exercises.ts'
import { diagnosisPorts } from '../../lab/diagnosis-ports.ts'
import { walkFiles } from '../../lab/exercise-lab.ts'
import { runToDiagnose } from '../../lab/run-to-diagnose.ts'
import { exerciseAnswers, type PageParts } from '../../page-server.ts'
import { namedHosts } from '../../util/door.ts'
import { packageRoot } from '../../util/package-root.ts'
import { type RunRecord, readRuns } from '../../workspace/runs.ts'
import type { Workspace } from '../../workspace.ts'
import { courseOf } from '../exercise/course.ts'
import { progressOf } from '../exercise/service.ts'

/** The lab as its page sees it. */
export async function pageParts(
  workspace: Workspace,
  engine: Engine,
  env: Record<string, string | undefined>,
): Promise<PageParts> {
  const progress = progressOf(workspace)
  let course: { key: string; course: Course } | undefined
  let opened: { key: string; backends: ReturnType<typeof openBackends> } | undefined
  return {
    engine,
    root: workspace.root,
    // The same clients, and their kept connections, as long as everything is where it was.
    async backends() {
      const now = await engine.endpoints()
      const key = JSON.stringify(now)
      if (opened?.key !== key) opened = { key, backends: openBackends(now) }
      return opened.backends
    },
    diagnosis: async (signal) =>
      diagnosisPorts({ workspace, engine, endpoints: await engine.endpoints(), env, signal }),
    observed: async (runId, ports) => runToDiagnose(runId, await readRuns(workspace), ports),
    async exercises() {
      // Read anew only when `course use` has chosen another.
      const key = JSON.stringify((await workspace.state()).course ?? '')
      if (course?.key !== key) course = { key, course: await courseOf(workspace) }
      return exerciseAnswers(course.course.exercises, progress, Date.now())
    },
    keepStep: openWalks(walkFiles(workspace)).keep,
    runs: async () => (await readRuns(workspace)).map(shownOf),
    files: join(packageRoot(), 'dist', 'page'),
    hosts: namedHosts(env),
    now: Date.now,
  }
}

/** Its environment and what it said stay on this side. */
const shownOf = ({ id, name, startedAt, endedAt, exitCode }: RunRecord) => ({
  ...{ id, name, startedAt },
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(exitCode === undefined ? {} : { exitCode }),
})
