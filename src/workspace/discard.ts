import { existsSync } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { labLayout } from '../util/lab-layout.ts'

/** What is in a folder; undefined where there is none. */
export const entriesOf = (dir: string): Promise<string[] | undefined> => readdir(dir).catch(() => undefined)

/**
 * Takes away a lab that was just made and was never up. `before` is what the folder held: that stays in any case; so do
 * logs, which say why nothing came up, unless `andLogs`: the caller has said it.
 */
export async function discardLab(
  root: string,
  { logs, stateFile, runFile }: ReturnType<typeof labLayout>,
  before: readonly string[] | undefined,
  andLogs: boolean,
): Promise<void> {
  if (existsSync(stateFile) || existsSync(runFile)) return
  if (!andLogs && ((await entriesOf(logs)) ?? []).length > 0) return
  const made = ['configs', 'data', 'node_modules', '.otel-lab'].filter((name) => !before?.includes(name))
  await Promise.all(made.map((name) => rm(join(root, name), { recursive: true, force: true })))
  if (before === undefined) await rmdir(root).catch(() => {})
}
