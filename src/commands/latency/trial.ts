import { type ConfigKey, type ConfigLab, changeFile, temporarily } from '../../config-change.ts'
import type { Engine } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { Setting, Trial } from '../../latency.ts'
import type { Workspace } from '../../workspace.ts'

/** Temporary changes of the running lab, one a config file. Throws LabError `cannot-configure`. */
export function trialOf(
  { workspace, engine }: { workspace: Workspace; engine: Engine },
  rest: Omit<Trial, 'under'> & { say: (text: string) => void; hasProgram: boolean },
): Trial {
  if (!engine.can.configure) {
    throw new LabError(
      'cannot-configure',
      `the ${engine.kind} engine runs a stack that is not the lab's: its configs stay`,
      {
        hint: 'otel-lab up --engine embedded, to try settings in a lab of your own',
        exit: EXIT.failed,
      },
    )
  }
  const lab: ConfigLab = { workspace, engine, now: () => new Date(), onWait: rest.say }
  return {
    ...rest,
    async under<T>(settings: readonly Setting[], work: () => Promise<T>): Promise<T> {
      if (!rest.hasProgram && settings.some(({ where }) => where === 'env')) {
        throw new LabError('usage', 'OTEL_... variables are read by a program, and probes have none', {
          hint: 'otel-lab latency --set OTEL_BSP_SCHEDULE_DELAY=200 -- python app.py',
          exit: EXIT.usage,
        })
      }
      const keys = [...new Set(settings.map(({ where }) => where))].filter(
        (key): key is ConfigKey & typeof key => key !== 'env',
      )
      const why = `latency ${settings.map(({ text }) => text).join(' ')}`
      const inside = keys.reduceRight<() => Promise<T>>((next, key) => {
        const edits = settings
          .filter(({ where }) => where === key)
          .map(({ path, value }) => ({ op: 'set' as const, path, value }))
        return () => temporarily(lab, changeFile(key, edits), why, next)
      }, work)
      return inside()
    },
  }
}
