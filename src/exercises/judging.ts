import { readFile, rm } from 'node:fs/promises'
import { writeFileAtomic } from '../util/atomic-write.ts'
import { isRunning, type ProcessId, thisProcess } from '../util/process-alive.ts'
import type { CheckResult, VerdictKind } from './verdict.ts'

/** How far a check that is under way has come. It proves nothing: who looks on sees it come. */
export interface Judging {
  /** The exercise, as `progressKey` has it. */
  key: string
  runId: string
  results: { id: string; verdict: VerdictKind; seen: string }[]
}

/** One check is under way at a time: the newest is told. */
export function openJudging(path: string) {
  return {
    /** Undefined when none is, or whoever was at it is gone. */
    async read(): Promise<Judging | undefined> {
      try {
        const { by, ...judging } = JSON.parse(await readFile(path, 'utf8')) as Judging & { by: ProcessId }
        return (await isRunning(by)) ? judging : undefined
      } catch {
        return undefined
      }
    },
    /** Tells each result as it is decided; `end` when the verdict is there. That it cannot be told stops no check. */
    async begin(key: string, runId: string) {
      const judging: Judging & { by: ProcessId } = { key, runId, results: [], by: await thisProcess() }
      let writing = Promise.resolve()
      const write = () => {
        writing = writing.then(() => writeFileAtomic(path, `${JSON.stringify(judging)}\n`)).catch(() => {})
      }
      write()
      return {
        add({ id, verdict, seen }: Pick<CheckResult, 'id' | 'verdict' | 'seen'>): void {
          judging.results.push({ id, verdict, seen })
          write()
        },
        async end(): Promise<void> {
          await writing
          await rm(path, { force: true }).catch(() => {})
        },
      }
    },
  }
}
