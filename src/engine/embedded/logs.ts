import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogLine, LogsOptions, ServiceName } from '../../engine.ts'
import { timeOfLine } from './log-time.ts'

const POLL_MS = 100
/** How far back the past is read per file; a rotated log is 8 MiB. */
const PAST_BYTES = 16 << 20
const CHUNK = 1 << 16

/** The services' log files: first the past, in order of time, then what is added, across rotations. */
export async function* readLogs(dir: string, options: LogsOptions): AsyncGenerator<LogLine> {
  const { services, follow, since, tail, signal } = options
  const tails = services.map((service) => new LogTail(service, join(dir, `${service}.log`)))
  try {
    const past: LogLine[] = []
    for (const one of tails) {
      let lines = [...(await one.past()), ...(await one.more())]
      if (since) lines = lines.filter(({ time }) => time >= since)
      if (tail !== undefined) lines = tail > 0 ? lines.slice(-tail) : []
      for (const line of lines) past.push(line)
    }
    yield* past.sort((a, b) => a.time.getTime() - b.time.getTime())
    while (follow && !signal?.aborted) {
      const fresh = (await Promise.all(tails.map((one) => one.more()))).flat()
      yield* fresh.sort((a, b) => a.time.getTime() - b.time.getTime())
      if (fresh.length === 0) await sleep(POLL_MS, undefined, { signal }).catch(() => {})
    }
  } finally {
    await Promise.all(tails.map((one) => one.close()))
  }
}

/** Follows one file. Polled rather than watched: fs.watch misses renames on some file systems. */
class LogTail {
  readonly #service: ServiceName
  readonly #path: string
  #file: FileHandle | undefined
  #inode = 0
  #position = 0
  #rest = ''
  #decoder = new TextDecoder()
  #time: Date | undefined

  constructor(service: ServiceName, path: string) {
    this.#service = service
    this.#path = path
  }

  /** What was rotated away. */
  async past(): Promise<LogLine[]> {
    const old = await open(`${this.#path}.1`).catch(() => undefined)
    if (old === undefined) return []
    try {
      const { size } = await old.stat()
      const from = Math.max(0, size - PAST_BYTES)
      const buffer = Buffer.alloc(size - from)
      await old.read(buffer, 0, buffer.length, from)
      return this.#lines(buffer)
    } finally {
      await old.close()
    }
  }

  /** All that was added since the last call. */
  async more(): Promise<LogLine[]> {
    const lines = await this.#read()
    const now = await stat(this.#path).catch(() => undefined)
    if (now === undefined || (this.#file !== undefined && now.ino === this.#inode && now.size >= this.#position))
      return lines
    // Rotated or emptied: the old file is read to its end, on with the new one.
    lines.push(...(await this.#read()))
    await this.close()
    this.#file = await open(this.#path).catch(() => undefined)
    this.#inode = (await this.#file?.stat())?.ino ?? 0
    this.#position = 0
    return [...lines, ...(await this.#read())]
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async #read(): Promise<LogLine[]> {
    const lines: LogLine[] = []
    const buffer = Buffer.alloc(CHUNK)
    while (this.#file) {
      const { bytesRead } = await this.#file.read(buffer, 0, CHUNK, this.#position)
      if (bytesRead === 0) break
      this.#position += bytesRead
      for (const line of this.#lines(buffer.subarray(0, bytesRead))) lines.push(line)
    }
    return lines
  }

  #lines(bytes: Uint8Array): LogLine[] {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n')
    this.#rest = parts.pop()!
    return parts.map((text) => {
      this.#time = timeOfLine(text) ?? this.#time
      return { service: this.#service, time: this.#time ?? new Date(), text }
    })
  }
}
