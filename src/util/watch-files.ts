import { stat } from 'node:fs/promises'

export interface FileWatch {
  /** Fulfilled when the files have been looked at for the first time: what changes from then on is told. */
  began: Promise<void>
  stop(): void
}

/**
 * Says which of some files were changed, made or removed, once each change has come to rest. Looks at them every
 * `everyMs`: what the system tells of changes is lost on network and shared folders and by editors that rename.
 */
export function watchFiles(options: {
  /** Asked each time: files may come and go. */
  paths: () => Promise<string[]>
  everyMs: number
  onChange: (paths: string[]) => void
}): FileWatch {
  const { paths, everyMs, onChange } = options
  let known: Map<string, string> | undefined
  let moving = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function look(): Promise<void> {
    const now = new Map(await Promise.all((await paths()).map(async (path) => [path, await markOf(path)] as const)))
    if (known === undefined) {
      known = now
      return
    }
    const rested: string[] = []
    const next = new Map<string, string>()
    for (const path of new Set([...known.keys(), ...now.keys()])) {
      const mark = now.get(path) ?? ''
      if (mark === (known.get(path) ?? '')) continue
      // Written twice in a row is not written yet.
      if (moving.get(path) === mark) rested.push(path)
      else next.set(path, mark)
    }
    moving = next
    for (const path of rested) known.set(path, now.get(path) ?? '')
    if (rested.length > 0 && !stopped) onChange(rested)
  }
  const turn = async () => {
    await look().catch(() => {})
    if (!stopped) timer = setTimeout(() => void turn(), everyMs)
  }
  const began = turn()
  return {
    began,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

async function markOf(path: string): Promise<string> {
  const entry = await stat(path).catch(() => undefined)
  return entry === undefined ? '' : `${entry.ino} ${entry.size} ${entry.mtimeMs}`
}
