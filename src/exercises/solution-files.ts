import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { Exercise } from './exercise.ts'
import { keepBeside } from './start-files.ts'
import { fill, type Values } from './values.ts'

/**
 * Puts the solution's files into the lab folder, `${name}`s filled in. What a learner wrote under the same name is
 * kept beside it, `.mine`. Gives the paths of what was written.
 */
export async function placeSolution(
  { solution, solutionFolder }: Pick<Exercise, 'solution' | 'solutionFolder'>,
  root: string,
  values: Values,
  but: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const written: string[] = []
  for (const path of solution.files ?? []) {
    const text = but[path] ?? fill(await readFile(join(solutionFolder, path), 'utf8'), values)
    const target = join(root, path)
    const before = await readFile(target, 'utf8').catch(() => undefined)
    if (before === text) continue
    await mkdir(dirname(target), { recursive: true })
    if (before !== undefined) await keepBeside(target)
    await writeFileAtomic(target, text)
    written.push(path)
  }
  return written
}
