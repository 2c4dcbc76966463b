import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'

const GLOB = /[*?[{]/

/** doublestar's patterns: two stars cross folders. */
function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.+^$()|\\]/g, '\\$&')
    .replace(/\{([^{}]*)\}/g, (_, words: string) => `(?:${words.split(',').join('|')})`)
    .replace(/\*\*\/?|\*|\?/g, (glob) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[glob]!)
  return new RegExp(`^${source}$`)
}

/** Inside of the folder that a config's paths are held in. */
const held = (path: string) => posix.normalize(`/${path.replaceAll('\\', '/')}`)

/** Files by the paths that the config knows them by. Links are left out: they could lead out of the folder. */
export function createFinder(filesDir: string, include: readonly string[], exclude: readonly string[]) {
  const wanted = include.map((path) => {
    const parts = held(path).split('/')
    const at = parts.findIndex((part) => GLOB.test(part))
    const base = (at < 0 ? parts.slice(0, -1) : parts.slice(0, at)).join('/')
    const depth = path.includes('**') ? Number.POSITIVE_INFINITY : parts.length - base.split('/').length
    return { base, depth, pattern: patternOf(held(path)) }
  })
  const unwanted = exclude.map((path) => patternOf(held(path)))

  async function* walk(folder: string, depth: number): AsyncGenerator<string> {
    const entries = await readdir(join(filesDir, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`
      if (entry.isFile()) yield path
      else if (entry.isDirectory() && depth > 1) yield* walk(path, depth - 1)
    }
  }

  return async (): Promise<string[]> => {
    const found = new Set<string>()
    for (const { base, depth, pattern } of wanted) {
      for await (const path of walk(base, depth)) {
        if (pattern.test(path) && !unwanted.some((one) => one.test(path))) found.add(path)
      }
    }
    return [...found].sort()
  }
}
