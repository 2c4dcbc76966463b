import { existsSync } from 'node:fs'
import { chmod, copyFile, link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDir, writeError } from '../util/atomic-write.ts'
import { CONFIG_FILES, type labLayout } from '../util/lab-layout.ts'

/** Makes what is missing of a lab folder, and leaves alone what is there. */
export async function fillWorkspace(layout: ReturnType<typeof labLayout>, pristine: string): Promise<void> {
  const { state, configs, input, output, run, logs, store, attempts } = layout
  // Stored telemetry, attempts and keys are nobody else's business; a lab of an earlier version has it open.
  await makeDir(state, { mode: 0o700 })
  await chmod(state, 0o700).catch(() => {})
  for (const dir of [run, configs, input, output, logs, store, attempts]) {
    await makeDir(dir)
  }
  await Promise.all(Object.values(CONFIG_FILES).map((name) => copyIfAbsent(join(pristine, name), join(configs, name))))
}

/** Whole or not at all: the copy gets its name by `link`, which fails where a file already has it. */
async function copyIfAbsent(from: string, to: string): Promise<void> {
  const temp = `${to}.${process.pid}.tmp`
  try {
    if (existsSync(to)) return
    await copyFile(from, temp)
    // What npm installed may be read-only; the copy is the learner's to edit.
    await chmod(temp, 0o644)
    await link(temp, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(error, to)
  } finally {
    await rm(temp, { force: true }).catch(() => {})
  }
}
