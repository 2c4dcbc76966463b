import { LabError } from '../../errors.ts'
import type { Course } from '../../exercises.ts'
import type { LabCommand } from '../base.ts'

type Out = Pick<LabCommand, 'log' | 'config'>

/** Starts the lab where it does not run, and stays with an exercise in this terminal. */
export async function learn(
  command: Out,
  { exercise, course }: { exercise: string; course: Pick<Course, 'root' | 'name'> },
) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new LabError('no-terminal', 'there is no terminal to stay in', {
      hint: `For scripts: otel-lab exercise ${exercise} --check --json`,
      exit: 2,
    })
  }
  const [{ findWorkspace }, { openEngine }, { watchExercise }, { progressOf }] = await Promise.all([
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
    import('./watch.ts'),
    import('./service.ts'),
  ])
  const there = await findWorkspace().catch((error) => {
    if (error instanceof LabError && error.code === 'no-lab') return undefined
    throw error
  })
  const isUp = there !== undefined && (await (await openEngine(there)).status()).running
  if (!isUp) await command.config.runCommand('up', [])
  const workspace = there ?? (await findWorkspace())
  const engine = await openEngine(workspace)
  const left = await watchExercise({
    workspace,
    engine,
    progress: progressOf(workspace),
    exercise,
    course,
    env: process.env,
  })
  const passed = left.list.filter(({ state }) => state === 'passed').length
  command.log(`Exercise ${left.exercise.number}, ${left.exercise.title}. ${passed} of ${left.list.length} passed.`)
  command.log('→ otel-lab        goes on here\n→ otel-lab down   ends the lab, which runs on till then')
  return { exercise: left.exercise.slug, passed, of: left.list.length }
}
