import { readFile } from 'node:fs/promises'
import { LabError } from '../errors.ts'

/**
 * The variables of a file of `NAME=value` lines; what follows the first `=` is the value as it stands. Empty without
 * the file. Throws LabError `app-env-broken`.
 */
export async function readAppEnv(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new LabError('app-env-broken', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  const env: Record<string, string> = {}
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (name === undefined) {
      throw new LabError('app-env-broken', `${path}:${i + 1}: "${line.trim()}" is not NAME=value`, {
        hint: `Mend the line, or put a # before it: ${path}`,
        exit: 1,
      })
    }
    env[name] = value!.trim()
  }
  return env
}
