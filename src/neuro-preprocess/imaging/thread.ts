import { Worker } from 'node:worker_threads'
import { ScanFault } from '../fault.ts'
import type { Answer, Job, Reports } from './job.ts'

export interface ImagingThread {
  /** Throws ScanFault; a fault of ours comes as a plain Error. */
  do<J extends Job>(job: J): Promise<Reports[J['op']]>
  /** Ends the thread in the middle of whatever it does; open jobs fail with `reason`. */
  stop(reason: Error): Promise<void>
  /** Whether it ended, so that no further job can be done. */
  readonly dead: boolean
}

/** The worker thread, started at once so that it is up when the first job comes. */
export function startImaging(file: URL): ImagingThread {
  const waiting = new Map<number, { resolve(report: never): void; reject(error: Error): void }>()
  let next = 1
  let dead: Error | undefined
  const worker = new Worker(file)
  const failAll = (error: Error) => {
    dead ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const open = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('report' in answer) open?.resolve(answer.report as never)
    else if ('fault' in answer) {
      open?.reject(new ScanFault(answer.fault.code, answer.fault.message, answer.fault.hint))
    } else open?.reject(Object.assign(new Error(answer.error.message), { stack: answer.error.stack }))
  })
  worker.on('error', (error: NodeJS.ErrnoException) => failAll(memoryFault(error)))
  worker.on('exit', (code) => failAll(new Error(`the imaging thread ended by itself with ${code}`)))
  // Alone it must not keep the process alive.
  worker.unref()
  return {
    do: (job) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        const id = next++
        worker.ref()
        const settle =
          <A extends unknown[]>(pass: (...args: A) => void) =>
          (...args: A) => {
            if (waiting.size === 0) worker.unref()
            pass(...args)
          }
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
        worker.postMessage({ id, job })
      }),
    get dead() {
      return dead !== undefined
    },
    stop: async (reason) => {
      failAll(reason)
      await worker.terminate()
    },
  }
}

function memoryFault(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY' && !(error instanceof RangeError)) return error
  return new ScanFault(
    'out-of-memory',
    'the memory does not suffice for this scan',
    'Close other programs, or crop or downsample the scan first',
    { cause: error },
  )
}
