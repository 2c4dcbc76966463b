import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { heldPath } from './exporters/file/files.ts'

/** The process's own output, under all names that zap and the system have for it. */
const CONSOLE = new Set(['stdout', 'stderr', '/dev/stdout', '/dev/stderr'])

export interface LogOutputs {
  /** A writer of lines to all that is named; what is named twice gets each line twice, as by zap. */
  to(paths: readonly string[]): (text: string) => void
  close(): void
}

/** Where `output_paths` lead: to the console, to nowhere, or to files below the lab's own folder, which are appended to. */
export function openLogOutputs(filesDir: string, console: (text: string) => void): LogOutputs {
  const files = new Map<string, WriteStream>()
  const fileOf = (path: string): WriteStream => {
    const held = heldPath(filesDir, path.replace(/^file:(\/\/(localhost)?)?/, ''))
    const known = files.get(held)
    if (known) return known
    mkdirSync(dirname(held), { recursive: true })
    const file = createWriteStream(held, { flags: 'a', mode: 0o600 })
    file.on('error', (error) => console(`cannot write the log: ${error.message}`))
    files.set(held, file)
    return file
  }
  const writerOf = (path: string): ((text: string) => void) => {
    if (CONSOLE.has(path)) return console
    if (path === '/dev/null') return () => {}
    const file = fileOf(path)
    return (text) => void file.write(`${text}\n`)
  }
  return {
    to(paths) {
      const writers = paths.map(writerOf)
      return (text) => {
        for (const write of writers) write(text)
      }
    },
    close() {
      for (const file of files.values()) file.end()
      files.clear()
    },
  }
}

/** For a collector that nobody reads the log of. */
export const NO_OUTPUTS: LogOutputs = { to: () => () => {}, close() {} }
