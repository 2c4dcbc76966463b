import { budgetOf } from './budget.ts'
import { type Comparison, compare } from './compare.ts'
import { DOORS, type Door } from './door.ts'
import type { Measurement } from './measurement.ts'
import type { Setting } from './setting.ts'

export interface Trial {
  /** Puts these into the configs, does the work, and puts the old ones back whatever becomes of it. */
  under<T>(settings: readonly Setting[], work: () => Promise<T>): Promise<T>
  /** One measurement under what is in force then. */
  measure(env: Record<string, string>): Promise<Measurement>
  onStep?: (text: string) => void
}

export interface DoorChange extends Comparison {
  door: Door
  before: number
  after: number
  /** What the configs made of the difference of the means. */
  predicted: number
}

export interface WhatIf {
  settings: readonly Setting[]
  before: Measurement
  after: Measurement
  changes: DoorChange[]
}

/** Measures as it is, then with these settings, and says at each door whether the difference is more than noise. */
export async function whatIf(settings: readonly Setting[], trial: Trial): Promise<WhatIf> {
  trial.onStep?.('As it is:')
  const before = await trial.measure({})
  trial.onStep?.(`With ${settings.map(({ text }) => text).join(', ')}:`)
  const after = await trial.under(settings, () => trial.measure(envOf(settings)))
  return { settings, before, after, changes: changesOf(before, after) }
}

export interface SweepStep {
  setting: Setting
  measured: Measurement
}

/** One measurement for each of these, one after the other. */
export async function sweep(settings: readonly Setting[], trial: Trial): Promise<SweepStep[]> {
  const steps: SweepStep[] = []
  for (const setting of settings) {
    trial.onStep?.(`With ${setting.text}:`)
    const measured = await trial.under([setting], () => trial.measure(envOf([setting])))
    steps.push({ setting, measured })
  }
  return steps
}

const envOf = (settings: readonly Setting[]) =>
  Object.fromEntries(settings.filter(({ where }) => where === 'env').map(({ path, value }) => [path, value]))

function changesOf(before: Measurement, after: Measurement): DoorChange[] {
  return DOORS.flatMap((door) => {
    const [a, b] = [before.figures[door], after.figures[door]]
    if (a === undefined || b === undefined) return []
    const predicted = budgetOf(after.waits[door]).mean - budgetOf(before.waits[door]).mean
    return [{ door, before: a.median, after: b.median, predicted, ...compare(a.samples, b.samples) }]
  })
}
