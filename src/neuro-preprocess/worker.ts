import { parentPort } from 'node:worker_threads'
import { ScanFault } from './fault.ts'
import { type Answer, createImaging, type Job } from './imaging/job.ts'

// The thread in which scans are read, worked on and written: the main thread stays free to send telemetry, to draw
// its progress and to hear Ctrl-C.
const port = parentPort
if (!port) throw new Error('this file is a worker thread of neuro-preprocess')
const perform = createImaging()
port.on('message', ({ id, job }: { id: number; job: Job }) => {
  perform(job)
    .then((report): Answer => ({ id, report }))
    .catch((error: unknown): Answer => {
      if (error instanceof ScanFault) {
        return { id, fault: { code: error.code, message: error.message, hint: error.hint } }
      }
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      return { id, error: { message, stack } }
    })
    .then((answer) => port.postMessage(answer))
})
