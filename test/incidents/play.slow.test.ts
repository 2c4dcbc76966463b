import { afterAll, describe, expect, it } from 'vitest'
import { findFault, loadFaults, mend } from '../../src/faults.ts'
import { answerIncident, checkMend, giveUp, type IncidentLab, startIncident } from '../../src/incidents.ts'
import type { ReplayLab } from '../faults/lab.ts'
import { lendLabs } from '../faults/lend.ts'

const all = await loadFaults()
const labs = lendLabs(3)
afterAll(() => labs.close())

/** The replay's lab as incidents see it; the app's environment is a file, as `otel-lab run` reads it. */
function incidentLab(lab: ReplayLab): IncidentLab {
  return {
    faults: { ...lab.faults, appEnvPath: lab.faults.workspace.appEnvPath },
    backends: lab.backends,
    run: () => lab.runAsWritten(),
    now: Date.now,
  }
}

describe('an incident', { concurrent: true, timeout: 300_000 }, () => {
  const games = [1, 2, 3].flatMap((level) => [1, 2, 3].map((seed) => ({ level, seed })))

  it.each(games)('seed $seed of level $level is found, mended as its faults say, and holds', (of) =>
    labs.lend(async (lab) => {
      const before = await lab.configs()
      const incidents = incidentLab(lab)
      const incident = await startIncident(incidents, all, of)
      const faults = incident.faults.map((name) => findFault(all, name))
      const letterOf = (name: string) => String.fromCharCode(97 + incident.choices.indexOf(name))
      const blames = faults.map(({ hop, name }) => `${hop}:${letterOf(name)}`)
      if (faults.length > 0)
        expect(await checkMend(incidents, all, { holdMs: 0, visibleMs: 4_000 })).toMatchObject({ held: false })
      const { answer } = await answerIncident(incidents, all, blames.length > 0 ? blames : ['nothing'])
      expect(answer.right).toBe(true)
      for (const fault of faults) await mend(incidents.faults, fault)
      const held = await checkMend(incidents, all, { holdMs: 3_000 })
      expect(held).toMatchObject({ held: true, missing: [], score: { total: 100 } })
      await lab.reset(before)
    }),
  )

  it('is over when it is given up, and all is as before', () =>
    labs.lend(async (lab) => {
      const before = await lab.configs()
      const incidents = incidentLab(lab)
      const { faults } = await startIncident(incidents, all, { level: 1, seed: 2 })
      await expect(startIncident(incidents, all, { level: 1, seed: 2 })).rejects.toThrow(/is on in this lab already/)
      await expect(answerIncident(incidents, all, ['tempo'])).rejects.toThrow(/is not HOP:LETTER/)
      const given = await giveUp(incidents, all)
      expect(given.faults.map(({ name }) => name)).toEqual(faults)
      expect(await lab.configs()).toEqual(before)
      await expect(giveUp(incidents, all)).rejects.toThrow(/no incident is on/)
    }))
})
