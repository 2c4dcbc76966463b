import { appendFile, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { isVouched, openSeals, type Vouched } from './seal.ts'

/** A click on the lab's page that its server has found to be so: what was clicked is there, and is the run's. */
export interface WalkStep {
  at: number
  runId: string
  /** dot: an exemplar that led to the trace; line: a log line that bears its id. */
  step: 'dot' | 'line'
  traceId: string
  /** Nanoseconds of the line. */
  line?: string
}

/** So many steps are kept; the file holds a few times as many before it is written anew. */
const KEPT = 200

/** Steps on the page, signed by the lab: an edited or a foreign one does not count. */
export function openWalks({ file, keysDir }: { file: string; keysDir: string }) {
  const seals = openSeals(keysDir)
  const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return {
    async keep(step: WalkStep): Promise<void> {
      await makeDir(dirname(file))
      await appendFile(file, `${JSON.stringify({ step, by: await seals.vouch(step) })}\n`)
      const all = await lines()
      if (all.length > KEPT * 4) await writeFileAtomic(file, `${all.slice(-KEPT).join('\n')}\n`)
    },
    /** Of a run, in the order of time. */
    async of(runId: string): Promise<WalkStep[]> {
      const own = await seals.labId()
      const steps = (await lines()).flatMap((line): WalkStep[] => {
        try {
          const { step, by } = JSON.parse(line) as { step: WalkStep; by: Vouched }
          return step.runId === runId && isVouched(step, by, own) ? [step] : []
        } catch {
          // A line that was torn.
          return []
        }
      })
      return steps.sort((a, b) => a.at - b.at)
    },
  }
}
