import { readFileSync, writeFileSync } from 'node:fs'

/** What a real Collector made of cases: a line a case, behind one with its version. */
export interface Recorded<T> {
  version: string
  results: Record<string, T>
}

export function readRecorded<T>(path: string): Recorded<T> {
  const [first, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const { version } = JSON.parse(first!) as { version: string }
  return { version, results: Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, T])) }
}

export function writeRecorded<T>(path: string, { version, results }: Recorded<T>): void {
  const lines = [{ version }, ...Object.entries(results)].map((one) => JSON.stringify(one))
  writeFileSync(path, `${lines.join('\n')}\n`)
}
