import { readdir, stat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { LabError } from '../errors.ts'

type Env = Record<string, string | undefined>

/** The root of the lab that `cwd` belongs to, if there is one. */
export async function locateLab(cwd: string, env: Env): Promise<string | undefined> {
  if (env.OTEL_LAB_DIR) {
    const root = resolve(cwd, env.OTEL_LAB_DIR)
    return (await isLab(root)) ? root : undefined
  }
  const start = resolve(cwd)
  // `~/lab` belongs to `~`, not to every folder below it.
  const common = new Set([homedir(), tmpdir(), parse(start).root])
  for (let dir = start; ; dir = dirname(dir)) {
    if (await isLab(dir)) return dir
    if ((dir === start || !common.has(dir)) && (await isLab(join(dir, 'lab')))) return join(dir, 'lab')
    if (dirname(dir) === dir) return undefined
  }
}

/**
 * Where a new lab goes. An empty folder was surely made for it; any other gets one new folder, `lab`,
 * and nothing else. Hidden files do not count: a fresh `git init` is still empty.
 */
export async function placeForLab(cwd: string, env: Env): Promise<string> {
  if (env.OTEL_LAB_DIR) return resolve(cwd, env.OTEL_LAB_DIR)
  // Another `up` may have begun a lab there since we looked; its mark is the first thing it makes.
  const takes = async (dir: string) => (await isEmpty(dir)) || (await isLab(dir))
  if (await takes(cwd)) return resolve(cwd)
  const inner = join(resolve(cwd), 'lab')
  if (await takes(inner)) return inner
  throw new LabError('folder-foreign', `${inner} exists and is not a lab of otel-lab`, {
    hint: 'Make an empty folder and go there, then: otel-lab up\nOr name a folder: OTEL_LAB_DIR=my-lab otel-lab up',
  })
}

async function isLab(dir: string): Promise<boolean> {
  return stat(join(dir, '.otel-lab')).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

/** Also true of a folder that does not exist. */
async function isEmpty(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).every((name) => name.startsWith('.'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
