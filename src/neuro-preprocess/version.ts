import { existsSync, readFileSync } from 'node:fs'

/** The version of the package that `from` lies in, whether bundled or run from source. */
export function packageVersion(from: string): string {
  for (let dir = new URL('.', from); dir.pathname !== '/'; dir = new URL('..', dir)) {
    const file = new URL('package.json', dir)
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  }
  return '0.0.0'
}
