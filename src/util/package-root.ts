import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of otel-lab itself: where `stack/`, `exercises/` and `dist/` are, whether bundled or run from source. */
export function packageRoot(from = fileURLToPath(import.meta.url)): string {
  let dir = dirname(from)
  while (!existsSync(join(dir, 'oclif.manifest.json'))) {
    const parent = dirname(dir)
    if (parent === dir) throw new Error(`otel-lab is not installed whole: no package above ${from}`)
    dir = parent
  }
  return dir
}

/** One of the programs that the build puts into dist/, such as `neuro-preprocess`. */
export function distFile(name: string): string {
  return join(packageRoot(), 'dist', `${name}.js`)
}
