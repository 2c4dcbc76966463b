import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { SendError } from '../../sending/send-error.ts'

/**
 * Where a config's `path` lies: below `dir`, however many dots it has. A config that came from elsewhere must not
 * write over the learner's files.
 */
export function heldPath(dir: string, path: string): string {
  return join(dir, normalize(`/${path.replaceAll('\\', '/')}`))
}

export interface Files {
  /** Makes the file, and empties it unless it is to be appended to. */
  open(path: string): Promise<void>
  /** One write after the other. Throws SendError on a full disk. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** For one of those who write; the last to call the function that this returns closes all. */
  hold(): () => Promise<void>
}

export function openFiles(options: { append: boolean; maxBytes?: number; backups?: number }): Files {
  const handles = new Map<string, { file: FileHandle; size: number }>()
  let holders = 0
  let chain: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = chain.then(work)
    chain = result.catch(() => {})
    return result
  }

  async function handleOf(path: string): Promise<{ file: FileHandle; size: number }> {
    const known = handles.get(path)
    if (known) return known
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, options.append || options.maxBytes ? 'a' : 'w')
    const handle = { file, size: (await file.stat()).size }
    handles.set(path, handle)
    return handle
  }

  async function rotate(path: string): Promise<void> {
    await handles.get(path)?.file.close()
    handles.delete(path)
    const backups = options.backups || 100
    await rm(`${path}.${backups}`, { force: true })
    for (let i = backups - 1; i >= 1; i--) await rename(`${path}.${i}`, `${path}.${i + 1}`).catch(() => {})
    await rename(path, `${path}.1`)
  }

  return {
    open: (path) => inTurn(async () => void (await handleOf(path))),
    write: (path, bytes) =>
      inTurn(async () => {
        let handle = await handleOf(path)
        if (options.maxBytes && handle.size > 0 && handle.size + bytes.length > options.maxBytes) {
          await rotate(path)
          handle = await handleOf(path)
        }
        try {
          await handle.file.appendFile(bytes)
          handle.size += bytes.length
        } catch (error) {
          // Half a line would spoil the next one.
          await handle.file.truncate(handle.size).catch(() => {})
          throw new SendError(`write ${path}: ${(error as Error).message}`)
        }
      }),
    hold() {
      holders++
      return () =>
        inTurn(async () => {
          if (--holders > 0) return
          for (const { file } of handles.values()) await file.close()
          handles.clear()
        })
    },
  }
}
