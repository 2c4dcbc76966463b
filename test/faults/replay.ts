import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, inject, mend, notWhole, restore, SIGNALS, type Signal } from '../../src/faults.ts'
import { type Asked, ask, type Consulted, consult, query } from './ask.ts'
import type { ReplayLab } from './lab.ts'

export interface Replayed {
  fault: string
  /** Which signals did not come out, and should not have. */
  broken: Signal[]
  /** Which did not come out though the fault leaves them alone. */
  alsoBroken: Signal[]
  /** What the diagnosis said. */
  asked: Asked
  /** The same where nobody looks into the collector. */
  blind?: Asked
  /** What doctor said, of what a probe passes. */
  doctor?: Consulted
  /** Which did not come out after the mend. */
  afterMend: Signal[]
  /** Configs that were not put back letter for letter. */
  notRestored: string[]
  seconds: Record<string, number>
}

/** Far longer than the lab's own waits: batch, scrape, cut. What is not there then does not come. */
const SETTLE_MS = 2_200
const WAIT_MS = 12_000

/** One fault: put in, run, asked about, mended, run again, taken out. */
export async function replay(lab: ReplayLab, fault: Fault): Promise<Replayed> {
  const seconds: Record<string, number> = {}
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    try {
      return await work()
    } finally {
      seconds[what] = Math.round((performance.now() - began) / 100) / 10
    }
  }
  const before = await lab.configs()
  const { loses = 'all' } = fault
  try {
    const faulty = await timed('inject', () => inject(lab.faults, [fault]))
    const run = await timed('run', () => lab.run(faulty, fault.demo))
    const others = SIGNALS.filter((signal) => !fault.signals.includes(signal))
    const alsoBroken = await timed('others', () => notWhole(lab, run, { loses, signals: others, ms: WAIT_MS }))
    await sleep(run.endedAt + SETTLE_MS - Date.now())
    const broken = fault.where === 'query' ? [] : await notWhole(lab, run, { loses, signals: fault.signals, ms: 0 })
    const seen = fault.doctor !== 'cannot'
    const blindly = lab.engine.tap !== undefined && fault.where !== 'query' && fault.blind !== 'cannot'
    const [asked, doctor, blind] = await Promise.all([
      timed('ask', () => (fault.where === 'query' ? query(lab, fault, run) : ask(lab, fault, run, faulty))),
      seen ? timed('doctor', () => consult(lab, fault, faulty)) : undefined,
      blindly ? timed('blind', () => ask(lab, fault, run, faulty, { blind: true })) : undefined,
    ])
    const env = await timed('mend', () => mend(lab.faults, fault))
    const again = await timed('again', () => lab.run(env, fault.demo))
    const afterMend = await timed('seen', () => notWhole(lab, again, { loses, ms: WAIT_MS }))
    await timed('restore', () => restore(lab.faults))
    const after = await lab.configs()
    const notRestored = Object.keys(before).filter((name) => before[name] !== after[name])
    return {
      fault: fault.name,
      broken,
      alsoBroken,
      asked,
      ...(doctor ? { doctor } : {}),
      ...(blind ? { blind } : {}),
      afterMend,
      notRestored,
      seconds,
    }
  } finally {
    // The next one gets a sound lab, however this one ended.
    await restore(lab.faults)
  }
}

/** What a replay must give. */
export function wanted(fault: Fault, engine: 'embedded' | 'docker' = 'embedded') {
  const asked = {
    hops: Object.fromEntries(fault.signals.map((signal) => [signal, fault.hop])),
    unsaid: [],
    misled: [],
    blamed: [],
  }
  const blindly = engine === 'embedded' && fault.where !== 'query' && fault.blind !== 'cannot'
  return {
    broken: fault.where === 'query' ? [] : fault.signals,
    alsoBroken: [],
    asked,
    ...(blindly ? { blind: asked } : {}),
    ...(fault.doctor === 'cannot' ? {} : { doctor: { healthy: false, unsaid: [], misled: [] } }),
    afterMend: [],
    notRestored: [],
  }
}
