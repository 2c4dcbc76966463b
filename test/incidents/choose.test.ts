import { describe, expect, it } from 'vitest'
import { HOPS, loadFaults } from '../../src/faults.ts'
import { chooseFaults } from '../../src/incidents/choose.ts'
import type { Answer, Incident } from '../../src/incidents/incident.ts'
import { scoreOf } from '../../src/incidents/score.ts'
import { seeded } from '../../src/util/seeded.ts'

const all = await loadFaults()
const many = [1, 2, 3].flatMap((level) =>
  Array.from({ length: 100 }, (_, seed) => ({
    level,
    seed,
    ...chooseFaults(all, { level, seed, engine: 'embedded' }),
  })),
)

describe('what an incident breaks', () => {
  it('is the same for the same seed', () => {
    const of = { seed: 7, level: 3, engine: 'embedded' as const }
    expect(chooseFaults(all, of)).toEqual(chooseFaults(all, of))
  })

  it('is one of many, sometimes nothing, and from level 2 on sometimes two', () => {
    expect(new Set(many.flatMap(({ faults }) => faults.map(({ name }) => name))).size).toBeGreaterThanOrEqual(24)
    for (const level of [1, 2, 3]) {
      const counts = new Set(many.filter((one) => one.level === level).map(({ faults }) => faults.length))
      expect(counts).toEqual(new Set(level === 1 ? [0, 1] : [0, 1, 2]))
    }
  })

  it('is among the causes to choose from, and never above its level', () => {
    for (const { faults, choices, level } of many) {
      expect(choices).toHaveLength(8)
      expect(new Set(choices).size).toBe(8)
      for (const fault of faults) {
        expect(choices).toContain(fault)
        expect(fault.level).toBeLessThanOrEqual(level)
      }
    }
  })

  it('leaves each of two its own signals', () => {
    for (const { faults } of many.filter((one) => one.faults.length === 2)) {
      const signals = faults.flatMap((fault) => fault.signals)
      expect(new Set(signals).size).toBe(signals.length)
    }
  })
})

describe('the score', () => {
  const incidentOf = (faults: string[], answers: Answer[]): Incident => ({
    seed: 1,
    level: 1,
    faults,
    startedAt: 0,
    choices: [],
    answers,
    tries: [],
  })

  it('is 100 for who finds it, mends it and is thrifty', () => {
    for (const { faults } of many.slice(0, 100)) {
      const blamed = faults.map(({ hop, name }) => ({ hop, cause: name }))
      const incident = incidentOf(
        faults.map(({ name }) => name),
        [{ at: 60_000, blamed, right: true }],
      )
      expect(scoreOf(incident, faults, { held: true, queries: 5, endedAt: 120_000 }).total).toBe(100)
    }
  })

  it('is under 20 for who guesses, and for who always says that nothing is wrong', () => {
    const random = seeded(1)
    const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!
    const guesses = many.map(({ faults, choices }) => {
      const answers = Array.from({ length: 3 }, () => {
        const blamed = [{ hop: pick(HOPS), cause: pick(choices).name }]
        const right = faults.length === 1 && faults[0]!.hop === blamed[0]!.hop && faults[0]!.name === blamed[0]!.cause
        return { at: 1, blamed, right }
      })
      const names = faults.map(({ name }) => name)
      return scoreOf(incidentOf(names, answers), faults, { held: false, queries: 0, endedAt: 1 }).total
    })
    const denials = many.map(({ faults }) => {
      const right = faults.length === 0
      const incident = incidentOf(
        faults.map(({ name }) => name),
        [{ at: 1, blamed: [], right }],
      )
      return scoreOf(incident, faults, { held: right, queries: 0, endedAt: 1 }).total
    })
    const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
    expect(mean(guesses)).toBeLessThan(20)
    expect(mean(denials)).toBeLessThan(20)
  })
})
