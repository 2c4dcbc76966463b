import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs'

export interface LogFile {
  /** Appends whole lines; a newline is added where the text has none. Never throws and never waits. */
  write(text: string): void
  close(): Promise<void>
}

export interface LogFileOptions {
  /** Past this many bytes the file becomes `<path>.1`, in place of an older one. Default 8 MiB. */
  maxBytes?: number
  /** What a stalled disk may pile up in memory before lines are dropped, with a note. Default 4 MiB. */
  maxPendingBytes?: number
}

/** A service's log on disk. Losing log lines must never stop a service: a full disk only shortens the log. */
export function openLogFile(path: string, options: LogFileOptions = {}): LogFile {
  const { maxBytes = 8 << 20, maxPendingBytes = 4 << 20 } = options
  let size = existsSync(path) ? statSync(path).size : 0
  let stream = open()
  let dropped = 0
  const closing: Promise<void>[] = []

  function open(): WriteStream {
    const made = createWriteStream(path, { flags: 'a', mode: 0o644 })
    made.on('error', () => {
      // The next write tries a new stream, in case the disk has room again.
      if (stream === made) stream = open()
    })
    return made
  }

  function rotate(): void {
    closing.push(ended(stream))
    try {
      renameSync(path, `${path}.1`)
      size = 0
    } catch {
      // It goes on growing rather than getting lost.
    }
    stream = open()
  }

  return {
    write(text) {
      if (stream.writableLength > maxPendingBytes) {
        dropped++
        return
      }
      const note = dropped > 0 ? `(${dropped} log writes dropped: the disk was too slow)\n` : ''
      dropped = 0
      const lines = note + (text.endsWith('\n') ? text : `${text}\n`)
      if (size > 0 && size + lines.length > maxBytes) rotate()
      size += Buffer.byteLength(lines)
      stream.write(lines)
    },
    async close() {
      await Promise.all([...closing, ended(stream)])
    },
  }
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) return resolve()
    stream.once('error', () => resolve())
    stream.end(() => resolve())
  })
}
