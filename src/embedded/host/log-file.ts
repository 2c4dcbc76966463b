import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface LogFile {
  /** Appends whole lines; a newline is added where the text has none. Never throws and never waits. */
  write(text: string): void
  /** Resolves when all is written. */
  close(): Promise<void>
}

export interface LogFileOptions {
  /** Before it would pass this many bytes, the file becomes `<path>.1`, in place of an older one. Default 8 MiB. */
  maxBytes?: number
  /** What a stalled disk may pile up in memory before lines are dropped, with a note. Default 4 MiB. */
  maxPendingBytes?: number
}

/** A service's log on disk. Losing log lines must never stop a service: a full disk only shortens the log. */
export function openLogFile(path: string, options: LogFileOptions = {}): LogFile {
  const { maxBytes = 8 << 20, maxPendingBytes = 4 << 20 } = options
  let file: FileHandle | undefined
  let size = 0
  let pending: string[] = []
  let pendingBytes = 0
  let dropped = 0
  let working: Promise<void> | undefined

  let inode = 0

  async function attach(): Promise<FileHandle> {
    file = await open(path, 'a', 0o600).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      // The folder alone: where the whole lab is gone, none is to be made.
      await mkdir(dirname(path))
      return open(path, 'a', 0o600)
    })
    const stats = await file.stat()
    size = stats.size
    inode = stats.ino
    return file
  }

  /** Somebody may have deleted the file, or put another in its place: what we hold open then is read by nobody. */
  async function checkPlace(): Promise<void> {
    if (file === undefined || (await stat(path).catch(() => undefined))?.ino === inode) return
    await file.close()
    file = undefined
  }

  async function rotate(): Promise<void> {
    await file?.close()
    file = undefined
    await rename(path, `${path}.1`)
  }

  /** Takes from the front of what waits as much as the file has room for. */
  function take(): string {
    let count = 0
    let bytes = 0
    while (count < pending.length && (count === 0 || size + bytes + Buffer.byteLength(pending[count]!) <= maxBytes)) {
      bytes += Buffer.byteLength(pending[count++]!)
    }
    pendingBytes -= bytes
    return pending.splice(0, count).join('')
  }

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      try {
        await checkPlace()
        if (file === undefined) await attach()
        if (size > 0 && size + Buffer.byteLength(pending[0]!) > maxBytes) {
          await rotate()
          await attach()
        }
        const text = take()
        size += Buffer.byteLength(text)
        await file!.appendFile(text)
      } catch {
        dropped += pending.length
        pending = []
        pendingBytes = 0
        await file?.close().catch(() => {})
        file = undefined
      }
    }
    working = undefined
  }

  return {
    write(text) {
      if (pendingBytes > maxPendingBytes) {
        dropped++
        return
      }
      const note = dropped > 0 ? `(${dropped} log writes were lost: the disk is full or slow)\n` : ''
      dropped = 0
      const lines = note + (text.endsWith('\n') ? text : `${text}\n`)
      pending.push(lines)
      pendingBytes += Buffer.byteLength(lines)
      working ??= drain()
    },
    async close() {
      await working
      await file?.close()
      file = undefined
    },
  }
}
