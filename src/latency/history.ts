import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import type { Distribution } from './distribution.ts'
import { DOORS, type Door } from './door.ts'

/** p95 of each measurement that was made in this lab, newest last, in milliseconds. */
export type History = Partial<Record<Door, number[]>>

const KEPT = 10

/** What is not there or not readable counts as nothing measured: it only makes deadlines less fit. */
export async function readHistory(path: string): Promise<History> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    return Object.fromEntries(
      DOORS.flatMap((door) => {
        const list = value[door]
        const numbers = Array.isArray(list) ? list.filter((one) => typeof one === 'number' && Number.isFinite(one)) : []
        return numbers.length > 0 ? [[door, numbers]] : []
      }),
    )
  } catch {
    return {}
  }
}

/** Adds the p95 of what was measured. */
export async function rememberLatency(
  path: string,
  measured: Partial<Record<Door, Distribution | undefined>>,
): Promise<void> {
  const history = await readHistory(path)
  for (const door of DOORS) {
    const p95 = measured[door]?.p95
    if (p95 !== undefined) history[door] = [...(history[door] ?? []), Math.round(p95)].slice(-KEPT)
  }
  await makeDir(dirname(path))
  await writeFileAtomic(path, `${JSON.stringify(history, undefined, 2)}\n`)
}

const MOST_MS = 180_000

/**
 * How long a check should wait for a signal: never less than `leastMs`, and on a slow machine three times the
 * slowest p95 of this lab's last measurements.
 */
export function deadlineFor(door: Door, history: History, leastMs: number): number {
  const measured = (history[door] ?? []).slice(-3)
  return Math.max(leastMs, Math.min(MOST_MS, 3 * Math.max(0, ...measured)))
}
