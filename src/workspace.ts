import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from './errors.ts'
import { makeDir, writeFileAtomic } from './util/atomic-write.ts'
import { type CONFIG_FILES, labLayout } from './util/lab-layout.ts'
import { packageRoot } from './util/package-root.ts'
import { discardLab, entriesOf } from './workspace/discard.ts'
import { fillWorkspace } from './workspace/fill.ts'
import { locateLab, placeForLab } from './workspace/locate.ts'
import { createLock, type LockOptions } from './workspace/lock.ts'
import { linkSdk } from './workspace/sdk-link.ts'

export { readAppEnv } from './workspace/app-env.ts'
export { linkSdk } from './workspace/sdk-link.ts'

export type ConfigName = (typeof CONFIG_FILES)[keyof typeof CONFIG_FILES]

export interface WorkspaceState {
  /** What `up --engine` chose last. */
  engine?: 'embedded' | 'docker' | 'external'
  portOffset?: number
  /** For the external engine: where its backends answer. */
  [key: string]: unknown
}

/** The learner's lab folder. `configs/` and `data/` are theirs, `.otel-lab/` is the lab's own. */
export interface Workspace {
  readonly root: string
  /** Made by this very call. */
  readonly created: boolean
  readonly configsDir: string
  readonly inputDir: string
  readonly outputDir: string
  /** What the app's environment says in this lab; there only when somebody wrote it. Read by `readAppEnv`. */
  readonly appEnvPath: string
  /** The learner's copy. */
  configPath(name: ConfigName): string
  /** The copy that came with otel-lab. */
  pristineConfigPath(name: ConfigName): string
  /** A path below `.otel-lab/`; not made. */
  statePath(...parts: string[]): string
  state(): Promise<WorkspaceState>
  /** Takes a lab away again that this very call made and that was never up; with its logs, where they say nothing more. */
  discard(options: { andLogs: boolean }): Promise<void>
  /** Merges into the state; a value of undefined removes its key. */
  setState(patch: WorkspaceState): Promise<void>
  /**
   * Runs `work` while no other otel-lab command changes this lab; what `work` calls may ask for it again. Waits for
   * one that does; throws LabError `lab-busy` after `waitMs`.
   */
  exclusively<T>(work: () => Promise<T>, options?: LockOptions): Promise<T>
}

export interface FindOptions {
  cwd?: string
  /** Make one where there is none, and make what is missing from one that is there. */
  create?: boolean
  env?: Record<string, string | undefined>
}

/**
 * The lab that `cwd` belongs to: `OTEL_LAB_DIR` if set, else the nearest folder upwards that is a lab or has
 * one in `lab/`. With `create`, else: `cwd` itself when it is empty, otherwise `cwd/lab`.
 * Throws LabError `no-lab`, `folder-foreign`, `read-only`, `disk-full`, `state-broken`.
 */
export async function findWorkspace(options: FindOptions = {}): Promise<Workspace> {
  const { cwd = process.cwd(), create = false, env = process.env } = options
  const found = await locateLab(cwd, env)
  if (found === undefined && !create) {
    throw new LabError('no-lab', `there is no lab in ${cwd} or above it`, { hint: 'otel-lab up' })
  }
  const root = found ?? (await placeForLab(cwd, env))
  const layout = labLayout(root)
  const pristine = join(packageRoot(), 'stack', 'configs')
  const before = create && found === undefined ? await entriesOf(root) : undefined
  if (create) {
    await fillWorkspace(layout, pristine)
    await linkSdk(root, packageRoot())
  }
  const lock = createLock(layout.lockFile)

  async function state(): Promise<WorkspaceState> {
    const text = await readFile(layout.stateFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}'
      throw new LabError('state-broken', `cannot read ${layout.stateFile}: ${error.message}`, { cause: error })
    })
    try {
      return JSON.parse(text) as WorkspaceState
    } catch (error) {
      throw new LabError('state-broken', `${layout.stateFile} is not JSON: ${(error as Error).message}`, {
        hint: `rm ${layout.stateFile}`,
        cause: error,
      })
    }
  }

  return {
    root,
    created: found === undefined,
    configsDir: layout.configs,
    inputDir: layout.input,
    outputDir: layout.output,
    appEnvPath: join(layout.configs, 'app.env'),
    configPath: (name) => join(layout.configs, name),
    pristineConfigPath: (name) => join(pristine, name),
    statePath: (...parts) => join(layout.state, ...parts),
    state,
    async discard({ andLogs }) {
      if (create && found === undefined) await discardLab(root, layout, before, andLogs)
    },
    async setState(patch) {
      const merged = { ...(await state()), ...patch }
      await writeFileAtomic(layout.stateFile, `${JSON.stringify(merged, undefined, 2)}\n`)
    },
    async exclusively(work, lockOptions = {}) {
      if (!lockOptions.orWithout) await makeDir(layout.run)
      return lock.hold(work, lockOptions)
    },
  }
}
