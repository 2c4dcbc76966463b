import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDir } from '../util/atomic-write.ts'
import type { ClassEvent } from './event.ts'

/** What a class was told, on disk before it is acknowledged; and how much of it the instructor's lab has. */
export interface ClassJournal {
  events: readonly ClassEvent[]
  /** Gives those that are new, once they are written. */
  add(events: readonly ClassEvent[]): Promise<ClassEvent[]>
  /** How many of them the lab has taken. */
  forwarded: number
  setForwarded(count: number): Promise<void>
  close(): Promise<void>
}

/** A class of a day has some ten thousand; beyond this nobody means well. */
const MAX_EVENTS = 200_000

export async function openJournal(dir: string): Promise<ClassJournal> {
  await makeDir(dir, { mode: 0o700 })
  const path = join(dir, 'events.jsonl')
  const mark = join(dir, 'forwarded')
  const events = readLines(await readFile(path, 'utf8').catch(() => ''))
  const known = new Set(events.map(({ id }) => id))
  const file = await open(path, 'a', 0o600)
  // A line that was cut off by a crash is ended, so that the next one stands for itself.
  await file.appendFile('\n')
  const journal: ClassJournal = {
    events,
    forwarded: Math.min(events.length, Number(await readFile(mark, 'utf8').catch(() => '0')) || 0),
    async add(more) {
      const fresh = more.filter(({ id }) => !known.has(id)).slice(0, MAX_EVENTS - events.length)
      if (fresh.length === 0) return []
      for (const { id } of fresh) known.add(id)
      try {
        await file.appendFile(fresh.map((one) => `${JSON.stringify(one)}\n`).join(''))
        await file.datasync()
      } catch (error) {
        for (const { id } of fresh) known.delete(id)
        throw error
      }
      events.push(...fresh)
      return fresh
    },
    async setForwarded(count) {
      journal.forwarded = count
      await writeFile(mark, String(count), { mode: 0o600 })
    },
    close: () => file.close(),
  }
  return journal
}

/** What a class has been told until now, to be read by others. */
export const readJournal = async (dir: string): Promise<ClassEvent[] | undefined> =>
  readFile(join(dir, 'events.jsonl'), 'utf8').then(readLines, () => undefined)

function readLines(text: string): ClassEvent[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as ClassEvent]
    } catch {
      return []
    }
  })
}
