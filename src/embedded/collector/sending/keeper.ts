import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeToPassOn, encodeRequest } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import type { Payload } from '../component.ts'
import { createDelivery } from '../delivery.ts'

const SUFFIX = '.otlp'

/**
 * A queue's requests on disk, a file each, from when they are taken in until they are sent or given up. What a process
 * left behind, however it ended, is queued again at the next start.
 */
export function createKeeper(folder: string, signal: Signal, fsync: boolean, warn: (message: string) => void) {
  let last = 0
  const fileOf = (id: number) => join(folder, `${String(id).padStart(16, '0')}${SUFFIX}`)

  function held(id: number, payload: Omit<Payload, 'delivery'>, runs: ReadonlySet<string> | undefined): Payload {
    const delivery = createDelivery(() => {
      rm(fileOf(id), { force: true }).catch((error: Error) => warn(error.message))
    })
    if (runs !== undefined) delivery.runs = runs
    return { ...payload, delivery } as Payload
  }

  return {
    /** The payload under a delivery of its own: the receiver's journal need not hold it any more. */
    async keep(payload: Payload): Promise<Payload> {
      const id = ++last
      const temporary = `${fileOf(id)}.part`
      const file = await open(temporary, 'w')
      try {
        await file.writeFile(encodeRequest(signal, payload.data))
        if (fsync) await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, fileOf(id))
      return held(id, payload, payload.delivery.runs)
    },
    /** What an earlier process left, oldest first. */
    async restore(runsOf: (payload: Payload) => string[]): Promise<Payload[]> {
      await mkdir(folder, { recursive: true })
      const files = (await readdir(folder)).sort()
      const left: Payload[] = []
      for (const name of files) {
        const id = Number(name.replace(SUFFIX, ''))
        if (name.endsWith('.damaged')) continue
        if (!name.endsWith(SUFFIX) || !Number.isSafeInteger(id)) {
          await rm(join(folder, name), { force: true })
          continue
        }
        last = Math.max(last, id)
        try {
          const payload = { signal, data: decodeToPassOn(signal, await readFile(join(folder, name))) } as Payload
          left.push(held(id, payload, new Set(runsOf(payload))))
        } catch (error) {
          await rename(join(folder, name), join(folder, `${name}.damaged`))
          warn(`a request in ${name} cannot be read and is set aside: ${(error as Error).message}`)
        }
      }
      return left
    },
  }
}
