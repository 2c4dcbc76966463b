import module from 'node:module'

/** The types are those of the oldest Node that we run on; these came with 22.1. */
const later = module as typeof module & { enableCompileCache?(): unknown; getCompileCacheDir?(): string | undefined }

/** Where Node can, what was compiled once is kept in the system's temporary folder, and not compiled again. */
export const keepCompiled = (): void => void later.enableCompileCache?.()

/** The same for a process of ours: named in its environment, it holds from its first file on. */
export function compiledEnv(): Record<string, string> {
  const dir = later.getCompileCacheDir?.()
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: dir }
}
