import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT, type ExitCode, LabError } from '../../errors.ts'
import type { ExerciseLab } from '../../exercises.ts'
import type { Workspace } from '../../workspace.ts'
import type { LabCommand } from '../base.ts'
import { renderVerified } from './view.ts'

/** `report --verify [FILE]` */
export async function verify(
  out: Pick<LabCommand, 'log'>,
  file: string | undefined,
  signal: AbortSignal,
): Promise<{ result: unknown; exit: ExitCode }> {
  const [{ readReport, reportOf, verifyReport }, { openCourse }] = await Promise.all([
    import('../../exercises.ts'),
    import('../exercise/course.ts'),
  ])
  const here = await openCourse().catch((error) => {
    // Somebody else's page needs no lab here.
    if (file !== undefined && error instanceof LabError && error.code === 'no-lab') return undefined
    throw error
  })
  const report =
    file === undefined
      ? await reportOf(here!.course, here!.progress, new Date())
      : readReport(await readPage(resolve(file)), file)
  const isOurs = here !== undefined && (await here.progress.labId()) === report.labId
  // Their traces are in their lab.
  const lab = isOurs ? await runningLab(here.workspace, signal) : undefined
  const verified = await verifyReport(report, lab)
  out.log(renderVerified(verified, lab !== undefined))
  out.log(`\nSigned by lab ${report.labId}${isOurs ? ', which is this one' : ''}`)
  if (!isOurs) out.log('Its traces are in that lab and were not asked for. Compare the id with theirs.')
  else if (lab === undefined) out.log('The lab is not running, so its traces were not asked for.\n→ otel-lab up')
  const stands = verified.every(({ state }) => state === 'signed')
  return {
    result: { labId: report.labId, ours: isOurs, asked: lab !== undefined, exercises: verified },
    exit: stands ? EXIT.ok : EXIT.failed,
  }
}

async function runningLab(workspace: Workspace, signal: AbortSignal): Promise<ExerciseLab | undefined> {
  const [{ openEngine }, { openExerciseLab }] = await Promise.all([
    import('../../engine/choose.ts'),
    import('../../lab/exercise-lab.ts'),
  ])
  const engine = await openEngine(workspace)
  if (!(await engine.status()).running) return undefined
  return openExerciseLab({ workspace, engine, signal, env: process.env, onWait: () => {} })
}

/** The text of a page. Throws LabError `no-report`. */
async function readPage(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LabError('no-report', `cannot read ${path}: ${error.code ?? error.message}`, {
      hint: 'otel-lab report --help',
      exit: EXIT.usage,
      cause: error,
    })
  })
}
