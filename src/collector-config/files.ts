import { readFileSync } from 'node:fs'

/** The files that a config names. `read` throws Error in the words of Go's os.ReadFile. */
export interface ConfigFiles {
  read(path: string): string
}

const WORDS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ENAMETOOLONG: 'file name too long',
}

/** Of this machine. */
export const localFiles: ConfigFiles = {
  read(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      const verb = code === 'EISDIR' ? 'read' : 'open'
      throw new Error(`${verb} ${path}: ${WORDS[code] ?? code}`)
    }
  },
}
