import type { EngineKind } from '../engine.ts'
import type { Fault } from '../faults.ts'
import { seeded, shuffled } from '../util/seeded.ts'

/** How often there is nothing, and from which level on two at once. */
const NOTHING = 0.15
const TWO = { from: 2, share: 0.3 }
const CHOICES = 8

export interface Chosen {
  faults: Fault[]
  /** Causes to choose from, the right ones among them. */
  choices: Fault[]
}

/** What is to be found: the same for the same seed and level. Each level has its own faults and the ones below it. */
export function chooseFaults(all: readonly Fault[], of: { seed: number; level: number; engine: EngineKind }): Chosen {
  const random = seeded(of.seed * 31 + of.level)
  const fitting = all.filter((fault) => fits(fault, of))
  const dice = random()
  const [first, ...rest] = shuffled(fitting, random)
  const second =
    of.level >= TWO.from && dice > 1 - TWO.share ? rest.find((other) => areApart(first!, other)) : undefined
  const faults = dice < NOTHING ? [] : [first!, ...(second ? [second] : [])]
  const others = shuffled(
    fitting.filter((fault) => !faults.includes(fault)),
    random,
  )
  return { faults, choices: shuffled([...faults, ...others].slice(0, CHOICES), random) }
}

function fits({ where, how, loses, demo, engines, level }: Fault, of: { level: number; engine: EngineKind }): boolean {
  // A query is asked by the learner; what debug prints and ERROR lines are not seen in a healthy run.
  if (where === 'query' || how.query || loses === 'output' || demo === 'stress') return false
  return engines.includes(of.engine) && level <= of.level
}

/** Two that do not hide each other, and can be in one lab. */
function areApart(a: Fault, b: Fault): boolean {
  const meet = <T>(one: readonly T[], other: readonly T[]) => one.some((item) => other.includes(item))
  const services = ({ how, where }: Fault) => [
    ...(how.stop ? [how.stop] : []),
    ...[...(how.edits ?? []), ...(how.unapplied ?? [])].map((edit) => edit.in ?? where),
  ]
  return (
    a.hop !== b.hop &&
    !meet(a.signals, b.signals) &&
    !(a.how.relay && b.how.relay) &&
    !(a.how.env && b.how.env) &&
    !(a.how.unapplied || b.how.unapplied) &&
    !meet(services(a), services(b))
  )
}
