import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import type { ExerciseProgress } from './progress-entry.ts'

type Entries = Record<string, ExerciseProgress>

/** progress.json: one entry an exercise. Changes by several commands at once follow one another. */
export function openProgressFile(path: string) {
  async function read(): Promise<Entries> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}'
      throw error
    })
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Entries
      throw new Error('it is no object')
    } catch (error) {
      throw new LabError('state-broken', `${path} is not JSON: ${(error as Error).message}`, {
        hint: `rm ${path}`,
        cause: error,
      })
    }
  }

  async function replace(key: string, how: (before: ExerciseProgress) => ExerciseProgress | undefined): Promise<void> {
    await makeDir(dirname(path))
    const { default: lockfile } = await import('proper-lockfile')
    const release = await lockfile.lock(path, {
      realpath: false,
      stale: 10_000,
      retries: { retries: 200, minTimeout: 5, maxTimeout: 50, factor: 1.2 },
    })
    try {
      const { [key]: before, ...others } = await read()
      const after = how(before ?? { checks: 0 })
      const entries = after === undefined ? others : { ...others, [key]: after }
      await writeFileAtomic(path, `${JSON.stringify(entries, undefined, 2)}\n`)
    } finally {
      await release()
    }
  }

  return {
    read,
    replace,
    /** Merges into one entry. */
    change: (key: string, how: (before: ExerciseProgress) => Partial<ExerciseProgress>) =>
      replace(key, (before) => ({ ...before, ...how(before) })),
  }
}
