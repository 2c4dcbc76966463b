import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { findFault, loadFaults, mend, notWhole } from '../../src/faults.ts'
import { chooseFaults } from '../../src/incidents/choose.ts'
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

/** A seed that changes a config, and so restarts a component: long enough to be killed in the middle. */
function seedOfConfig(): string {
  for (let seed = 1; ; seed++) {
    const { faults } = chooseFaults(all, { seed, level: 1, engine: 'embedded' })
    if (faults.some(({ how }) => how.edits)) return String(seed)
  }
}

describe('an incident', { concurrent: true, timeout: 300_000 }, () => {
  const games = [1, 2, 3].flatMap((level) => [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ({ level, seed })))

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

  it('that was killed while it began is out again after the next command', () =>
    labs.lend(async (lab) => {
      const before = await lab.configs()
      const { workspace } = lab.faults
      const record = workspace.statePath('faults', 'record.json')
      const child = spawn(
        process.execPath,
        [resolve('dist/otel-lab.js'), 'incident', 'start', '--seed', seedOfConfig()],
        {
          cwd: workspace.root,
          env: { ...process.env, OTEL_LAB_DIR: '' },
          stdio: 'ignore',
        },
      )
      const ended = new Promise((done) => child.once('exit', done))
      // It writes down what it is about to change before it changes anything.
      while (child.exitCode === null && !(await readFile(record, 'utf8').catch(() => '')).includes('"written"'))
        await sleep(1)
      child.kill('SIGKILL')
      await ended
      expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ phase: 'injecting' })
      const { stderr } = await lab.cli(['status'])
      expect(stderr).toContain('it is out again')
      expect(await lab.configs()).toEqual(before)
      const run = await lab.runAsWritten()
      expect(await notWhole(lab, run, { ms: 15_000 })).toEqual([])
      expect((await lab.cli(['incident', 'status'])).stderr).toContain('no incident is on')
    }))

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
