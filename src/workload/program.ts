import { extname } from 'node:path'

/** What runs a file of the learner's, by its ending. */
const RUNNERS: Record<string, readonly string[]> = {
  '.py': ['python3'],
  '.js': [process.execPath],
  '.mjs': [process.execPath],
  '.cjs': [process.execPath],
  // Node reads TypeScript by itself since 22.18; before, behind this flag.
  '.ts': [process.execPath, '--experimental-strip-types', '--no-warnings'],
  '.sh': ['sh'],
  '.rb': ['ruby'],
}

/** A learner's file as a command line; one with another ending must be executable. */
export function programCommand(file: string, args: readonly string[] = []): string[] {
  return [...(RUNNERS[extname(file)] ?? []), file, ...args]
}
