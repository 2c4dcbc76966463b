import { appendFile, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

const LOG = 'incident-queries'

/** Counts a look at a backend while an incident is on. Appending a line is safe beside other commands. */
export async function countQuery(statePath: (...parts: string[]) => string, now: number): Promise<void> {
  const on = await stat(statePath('incident.json')).catch(() => undefined)
  if (on) await appendFile(statePath(LOG), `${now}\n`).catch(() => {})
}

/** How many there were since then. */
export async function queriesSince(statePath: (...parts: string[]) => string, since: number): Promise<number> {
  const text = await readFile(join(statePath(LOG)), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '' && Number(line) >= since).length
}
