import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFault, inject, isWhole, loadFaults, restore, restoreAbandoned } from '../../src/faults.ts'
import { type ReplayLab, replayLab } from './lab.ts'
import { replay, wanted } from './replay.ts'

const faults = await loadFaults()
/** One of each way to put one in; all of them are replayed by replay.slow.test.ts. */
const HANDFUL = ['sampler-always-off', 'scrape-wrong-port', 'line-to-loki-reset']

let lab: ReplayLab
beforeAll(async () => {
  lab = await replayLab()
})
afterAll(() => lab.close())

describe('the faults', () => {
  it('are at least thirty, each with another cause', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30)
    const ways = new Set(faults.map(({ where, how }) => JSON.stringify({ where, how })))
    expect(ways.size).toBe(faults.length)
  })

  it.each(HANDFUL)('%s breaks what it says and is mended as it says', { timeout: 60_000 }, async (name) => {
    const fault = findFault(faults, name)
    expect(await replay(lab, fault)).toMatchObject(wanted(fault))
  })

  it('come one at a time, and a name that is none is refused with those that there are', async () => {
    await inject(lab.faults, [findFault(faults, 'scrape-wrong-path')])
    await expect(inject(lab.faults, [findFault(faults, 'scrape-wrong-port')])).rejects.toThrow(
      /has a fault in it already/,
    )
    expect(await restore(lab.faults)).toMatchObject({ faults: ['scrape-wrong-path'], restarted: ['prometheus'] })
    expect(await restore(lab.faults)).toBeUndefined()
    expect(() => findFault(faults, 'nonsense')).toThrow(/there is no fault nonsense/)
  })

  it('leave beside the config what somebody wrote into it meanwhile', async () => {
    const path = lab.faults.workspace.configPath('otel-collector-config.yaml')
    const before = await readFile(path, 'utf8')
    await inject(lab.faults, [findFault(faults, 'filter-drops-all')])
    const theirs = `# mine\n${await readFile(path, 'utf8')}`
    await writeFile(path, theirs)
    expect(await restore(lab.faults)).toMatchObject({ kept: [`${path}.with-fault`] })
    expect(await readFile(`${path}.with-fault`, 'utf8')).toBe(theirs)
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  it('are taken out by the next one when the process that put them in was killed', { timeout: 60_000 }, async () => {
    const before = await lab.configs()
    const fault = findFault(faults, 'line-to-loki-reset')
    await inject(lab.faults, [fault])
    expect(await restoreAbandoned(lab.faults), 'its process lives').toBeUndefined()
    const path = lab.faults.workspace.statePath('faults', 'record.json')
    const record = JSON.parse(await readFile(path, 'utf8'))
    // As a kill -9 in the middle leaves it: nobody there any more, and not told whether all was done.
    await writeFile(
      path,
      JSON.stringify({ ...record, phase: 'injecting', owner: { pid: record.owner.pid, ticks: '1' } }),
    )
    expect(await restoreAbandoned(lab.faults)).toMatchObject({ faults: [fault.name], kept: [] })
    expect(await lab.configs()).toEqual(before)
    const run = await lab.run({})
    await expect.poll(() => isWhole(lab, run, 'logs'), { timeout: 10_000 }).toBe(true)
  })

  it('are all out again when one of them is refused', async () => {
    const before = await lab.configs()
    const sound = findFault(faults, 'scrape-wrong-path')
    const bad = { ...sound, name: 'bad', how: { edits: [{ op: 'set' as const, path: 'globall.x', value: '1' }] } }
    await expect(inject(lab.faults, [sound, bad])).rejects.toThrow(/globall/)
    expect(await lab.configs()).toEqual(before)
  })
})
