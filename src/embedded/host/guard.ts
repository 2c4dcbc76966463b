export interface Guard {
  /** Exceptions that nobody caught, since the start. */
  unexpected(): number
  /** Calls `gone` once `isOurs` has failed or said no twice in a row; looked at every few seconds. */
  watch(isOurs: () => Promise<boolean>, gone: () => void): void
}

const WATCH_MS = 3_000
/** Without file descriptors nobody can look; that says nothing about the folder. */
const cannotTell = (error: NodeJS.ErrnoException) => error.code === 'EMFILE' || error.code === 'ENFILE'
/** So many stray exceptions within a minute mean that going on does no good. */
const TOO_MANY = 200

/**
 * Keeps the process alive where that is safe: every acknowledged record is on disk before its answer goes out,
 * so a stray exception can lose nothing but its own request. It is logged with its stack and counted.
 */
export function guardProcess(options: { log: (text: string) => void }): Guard {
  let count = 0
  let recent: number[] = []
  const stray = (kind: string) => (error: unknown) => {
    count++
    const now = Date.now()
    recent = [...recent.filter((time) => now - time < 60_000), now]
    options.log(`${kind}: ${(error as Error)?.stack ?? String(error)}`)
    if (recent.length > TOO_MANY) process.exit(4)
  }
  process.on('uncaughtException', stray('uncaught exception'))
  process.on('unhandledRejection', stray('unhandled rejection'))
  return {
    unexpected: () => count,
    watch(isOurs, gone) {
      let misses = 0
      setInterval(async () => {
        misses = (await isOurs().catch(cannotTell)) ? 0 : misses + 1
        if (misses === 2) gone()
      }, WATCH_MS)
    },
  }
}
