import { basename } from 'node:path'
import { unifiedDiff } from '../collector-config.ts'
import type { ConfigProblem, Engine } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { readConfigText } from '../util/read-text.ts'
import type { Workspace } from '../workspace.ts'
import { driftOf } from './drift.ts'
import { type ConfigFile, type ConfigKey, configFile, readConfigFile } from './files.ts'
import type { Change } from './make.ts'

export interface ConfigLab {
  workspace: Workspace
  engine: Engine
  now: () => Date
  /** Told when another command changes this lab and this one waits for it. */
  onWait?: (text: string) => void
}

export interface Outcome {
  /** As it was before. */
  file: ConfigFile
  /** As it is, or would be. */
  text: string
  changed: boolean
  diff: string
  /** Where the old text is kept. */
  backup?: string
  /** A service runs with the new text now, and did not before. */
  restarted: boolean
  /** Warnings; a text with errors is refused. */
  problems: ConfigProblem[]
}

/** A new text that the service, or the engine's own reading of it, does not take. */
export class ConfigRefused extends LabError {
  readonly problems: readonly ConfigProblem[]
  readonly text: string
  readonly file: ConfigFile

  constructor(message: string, of: { file: ConfigFile; text: string; problems: ConfigProblem[]; hint: string }) {
    super('config-invalid', message, { hint: of.hint, exit: EXIT.failed })
    this.problems = of.problems
    this.text = of.text
    this.file = of.file
  }
}

/** What a change would do; nothing is written. Throws ConfigRefused, LabError. */
export async function planChange(lab: Pick<ConfigLab, 'workspace' | 'engine'>, change: Change): Promise<Outcome> {
  const { workspace, engine } = lab
  const file = await (change.orNone ? configFile : readConfigFile)(workspace, change.key)
  const text = await change.make(file.text, file)
  const diff = unifiedDiff(file.text, text, { from: file.shown, to: `${file.shown} (new)` })
  const changed = text !== file.text
  return { file, text, changed, diff, restarted: false, problems: changed ? await judged(engine, file, text) : [] }
}

/**
 * Read, make, validate, write, restart, roll back: one turn under the lab's lock, so that of two changes at once
 * both are kept. When the service does not run with the new text, the file is put back as it was: throws
 * ConfigRefused (`config-invalid`), LabError `config-refused`, `config-changed`, `lab-busy`.
 */
export async function changeConfig(lab: ConfigLab, change: Change): Promise<Outcome> {
  const { workspace, engine } = lab
  return exclusively(lab, async () => {
    const plan = await planChange(lab, change)
    if (!plan.changed) {
      // It is in the file; the service may not have read it yet.
      const { state } = await driftOf(workspace, engine, change.key)
      return { ...plan, restarted: state === 'differs' ? await restart(lab, plan.file) : false }
    }
    const { file, text } = plan
    await unchanged(file)
    const backup = await keepCopy(lab, file)
    await writeFileAtomic(file.path, text)
    try {
      return { ...plan, ...(backup ? { backup } : {}), restarted: await restart(lab, file) }
    } catch (error) {
      await writeFileAtomic(file.path, file.text)
      throw refused(error, file)
    }
  })
}

/**
 * Lets a service run with what its file says now, after somebody edited it. The file is theirs and stays; a service
 * that refuses it runs on as it did. Throws as `changeConfig`.
 */
export async function applyFile(lab: ConfigLab, key: ConfigKey): Promise<Outcome> {
  const { workspace, engine } = lab
  return exclusively(lab, async () => {
    const file = await readConfigFile(workspace, key)
    const { state, running } = await driftOf(workspace, engine, key)
    const none = { file, text: file.text, changed: false, diff: '', restarted: false, problems: [] }
    if (state === 'same') return none
    const problems = await judged(engine, file, file.text)
    const diff = running === undefined ? '' : unifiedDiff(running, file.text, { from: 'running', to: file.shown })
    return { ...none, diff, problems, changed: true, restarted: await restart(lab, file) }
  })
}

/** What to print while another command has its turn. */
function sayWaiting(holder: { pid: number; command: string } | undefined): string {
  const who = holder === undefined ? 'another otel-lab command' : `process ${holder.pid} (${holder.command})`
  return `waiting for ${who}, which is changing this lab`
}

export async function exclusively<T>(lab: ConfigLab, work: () => Promise<T>): Promise<T> {
  const { onWait } = lab
  return lab.workspace.exclusively(work, onWait ? { onWait: (holder) => onWait(sayWaiting(holder)) } : {})
}

/** The engine's word on a text; its warnings when there is no error. Only the collector can be asked beforehand. */
async function judged(engine: Engine, file: ConfigFile, text: string): Promise<ConfigProblem[]> {
  if (file.key !== 'collector' || !engine.can.configure) return []
  const problems = await engine.validateCollectorConfig(text)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (first === undefined) return problems
  const where = first.line === undefined ? '' : ` (line ${first.line} of the new text)`
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  const words = first.message
    .split('\n')
    .filter((row) => row !== '')
    .join(' ')
  // An error that stood there before is nobody's new fault.
  const before = text === file.text ? errors : (await engine.validateCollectorConfig(file.text)).filter(isError)
  const old = text !== file.text && before.some(({ message }) => message === first.message)
  const message =
    text === file.text
      ? `${file.service} runs on with its old config: ${file.shown} would be refused: ${words}${where.replace(' of the new text', '')}${more}`
      : old
        ? `${file.shown} stays as it is: something else in it is wrong already: ${words}${where}${more}`
        : `${file.shown} stays as it is: the new text would be refused: ${words}${where}${more}`
  const reset = `or put the original back: otel-lab config reset ${file.key}`
  const hint = first.hint ?? 'otel-lab config validate'
  throw new ConfigRefused(message, { file, text, problems, hint: old ? `${hint}\n${reset}` : hint })
}

const isError = ({ severity }: ConfigProblem) => severity === 'error'

/** Somebody's editor knows no lock. */
async function unchanged(file: ConfigFile): Promise<void> {
  const now = await readConfigText(file.path).catch(() => '')
  if (now === file.text) return
  throw new LabError('config-changed', `${file.shown} was changed by someone else meanwhile; nothing was written`, {
    hint: 'Look at it, then try again: otel-lab config diff',
    exit: EXIT.failed,
  })
}

/** A copy below `.otel-lab/backups`, named by file and time, so that nothing of the learner's is lost. */
export async function keepCopy({ workspace, now }: ConfigLab, file: ConfigFile): Promise<string | undefined> {
  if (file.text === '') return undefined
  const stamp = now().toISOString().replace(/[:.]/g, '-')
  const dir = workspace.statePath('backups')
  await makeDir(dir)
  const path = workspace.statePath('backups', `${basename(file.path)}.${stamp}`)
  await writeFileAtomic(path, file.text)
  return path
}

/** False where nothing runs that could be restarted. */
async function restart({ engine }: ConfigLab, file: ConfigFile): Promise<boolean> {
  if (!engine.can.configure || !(await engine.status()).running) return false
  try {
    await engine.restart(file.service)
    return true
  } catch (error) {
    // The lab went down meanwhile: nothing refused it.
    if (error instanceof LabError && error.code === 'lab-down') return false
    throw error
  }
}

/** The engine's refusals; whatever else kept a service from restarting is told as what it is. */
const REFUSALS = new Set(['config-refused', 'config-invalid', 'service-failed', 'not-ready'])

function refused(error: unknown, file: ConfigFile): unknown {
  if (!(error instanceof LabError)) return error
  const back = `${file.shown} is back as it was`
  if (!REFUSALS.has(error.code)) {
    return new LabError(error.code, `${file.service} was not restarted: ${error.message}\n${back}`, {
      ...(error.hint ? { hint: error.hint } : {}),
      exit: error.exit,
      cause: error,
    })
  }
  return new LabError(
    'config-refused',
    `${file.service} refused the new config: ${error.message}\n${back}, and ${file.service} runs on with it`,
    { hint: error.hint ?? `otel-lab logs ${file.service} --tail 20`, exit: EXIT.failed, cause: error },
  )
}
