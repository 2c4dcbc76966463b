import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Engine } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import { writeFileAtomic } from '../../util/atomic-write.ts'
import type { Workspace } from '../../workspace.ts'
import type { LabFile } from './files.ts'

export interface Applied {
  /** Where the old text is kept. */
  backup: string
  /** Whether a service runs with the new text now. */
  restarted: boolean
}

/**
 * Writes a new text in place of a config file, keeps the old one, and restarts the service when the lab runs. When
 * the service refuses it, the file is put back as it was: throws LabError `config-refused`.
 */
export async function applyText(
  workspace: Workspace,
  engine: Engine,
  file: LabFile,
  text: string,
  now: Date = new Date(),
): Promise<Applied> {
  const current = await readFile(file.path, 'utf8').catch(() => undefined)
  if (current !== undefined && current !== file.text) {
    throw new LabError('config-changed', `${file.shown} was changed by someone else meanwhile; nothing was written`, {
      hint: 'Look at it, then try again: otel-lab config diff',
      exit: EXIT.failed,
    })
  }
  const backup = current === undefined ? '' : await keep(workspace, file, now)
  await writeFileAtomic(file.path, text)
  if (!(await isRunning(engine))) return { backup, restarted: false }
  try {
    await engine.restart(file.service)
  } catch (error) {
    // The lab went down meanwhile: nothing refused it.
    if (error instanceof LabError && error.code === 'lab-down') return { backup, restarted: false }
    await writeFileAtomic(file.path, file.text)
    throw error instanceof LabError ? refused(error, file) : error
  }
  return { backup, restarted: true }
}

/** A copy below `.otel-lab/backups`, named by file and time, so that nothing of the learner's is lost. */
async function keep(workspace: Workspace, file: LabFile, now: Date): Promise<string> {
  const { mkdir } = await import('node:fs/promises')
  const stamp = now.toISOString().replace(/[:.]/g, '-')
  const path = workspace.statePath('backups', `${basename(file.path)}.${stamp}`)
  await mkdir(workspace.statePath('backups'), { recursive: true })
  await writeFileAtomic(path, file.text)
  return path
}

async function isRunning(engine: Engine): Promise<boolean> {
  if (!engine.can.configure) return false
  return (await engine.status()).running
}

function refused(error: LabError, file: LabFile): LabError {
  const back = `${file.shown} is back as it was, and ${file.service} runs on with it`
  return new LabError('config-refused', `${file.service} refused the new config: ${error.message}\n${back}`, {
    hint: error.hint ?? `otel-lab logs ${file.service} --tail 20`,
    exit: EXIT.failed,
    cause: error,
  })
}

/** Asks at a terminal; elsewhere, and with --yes, the answer is yes. End of input is no. */
export async function agreed(question: string, options: { yes: boolean }): Promise<boolean> {
  if (options.yes || !process.stdin.isTTY || !process.stdout.isTTY) return true
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('n')))
  const answer = await Promise.race([prompt.question(`${question} [Y/n] `), closed])
  prompt.close()
  return /^(y(es)?)?$/i.test(answer.trim())
}
