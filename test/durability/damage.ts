import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where 16 bytes in the middle of the largest journal segment of a service were turned over; undefined without one. */
export function damageJournal(lab: string, service: string): { file: string; at: number; bytes: number } | undefined {
  const dir = join(lab, '.otel-lab/store', service, 'journal')
  const [file] = readdirSync(dir)
    .filter((name) => /^\d+\.log$/.test(name))
    .map((name) => join(dir, name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  if (file === undefined || statSync(file).size < 64) return undefined
  const bytes = readFileSync(file)
  const at = bytes.length >> 1
  for (let i = at; i < at + 16; i++) bytes[i]! ^= 0xa5
  writeFileSync(file, bytes)
  return { file, at, bytes: bytes.length }
}
