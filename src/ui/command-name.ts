import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join, sep } from 'node:path'

/** What this program is called in everything that is printed until somebody knows better. */
export const BARE_NAME = 'otel-lab'

interface Place {
  /** The folder of the package that runs. */
  root: string
  cwd: string
  env: Record<string, string | undefined>
}

/**
 * What one types here to start this very program. Where the shell finds it by itself that is its bare name; in a clone,
 * in a project that has it as a dependency, and out of npm's own cache, it is `npx otel-lab`.
 */
export function commandName({ root, cwd, env }: Place): string {
  if (basename(dirname(dirname(dirname(root)))) !== '_npx' && !isProjectOf(root, cwd)) return BARE_NAME
  return isOnPath(root, env) ? BARE_NAME : `npx ${BARE_NAME}`
}

/** npx looks from the current folder upwards for the nearest package, and takes what that has. */
function isProjectOf(root: string, cwd: string): boolean {
  for (let dir = cwd; ; dir = dirname(dir)) {
    if (dir === root) return hasName(dir)
    if (same(join(dir, 'node_modules', BARE_NAME), root)) return true
    if (existsSync(join(dir, 'package.json')) || dirname(dir) === dir) return false
  }
}

function hasName(dir: string): boolean {
  try {
    return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).name === BARE_NAME
  } catch {
    return false
  }
}

/** npm puts folders of its own before the PATH while it runs something; a shell has them not. */
function isOnPath(root: string, env: Place['env']): boolean {
  const folders = (env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '' && !dir.includes(`node_modules${sep}.bin`))
  const found = folders.map((dir) => join(dir, BARE_NAME)).find((file) => existsSync(file))
  return found !== undefined && same(found, join(root, 'dist', `${BARE_NAME}.js`))
}

function same(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}

/** Writes the commands in a text as they are typed here; `known` are the first words of all that there are. */
export function nameCommands(text: string, name: string, known: readonly string[]): string {
  if (name === BARE_NAME || !text.includes(BARE_NAME)) return text
  return text.replace(new RegExp(`(?<![\\w/.-]|npx )${BARE_NAME}(?= (?:${known.join('|')})\\b)`, 'g'), name)
}
