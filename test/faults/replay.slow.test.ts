import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { loadFaults } from '../../src/faults.ts'
import { lendLabs } from './lend.ts'
import { type Replayed, replay, wanted } from './replay.ts'
import { tableOf } from './table.ts'

/** They mostly wait: more labs than a small machine has cores. */
const engine = process.env.FAULTS_ENGINE === 'docker' ? 'docker' : 'embedded'
const labs = lendLabs(engine === 'docker' ? 2 : 5)
const rows: Replayed[] = []
/**
 * `FAULTS=tempo-stopped,sdk-disabled npx vitest run --project slow test/faults` replays these alone. With
 * `FAULTS_ENGINE=docker` they go into containers of the images that test/docker.mjs makes, and with `FAULTS_NO_FILTER=1`
 * where the Collector among them was built without its filter.
 */
const only = process.env.FAULTS?.split(',')
const faults = (await loadFaults()).filter(({ name }) => only === undefined || only.includes(name))

describe('every fault', { concurrent: true, timeout: 600_000 }, () => {
  afterAll(async () => {
    console.log(tableOf(faults, rows))
    if (process.env.FAULTS_JSON) await writeFile(process.env.FAULTS_JSON, JSON.stringify(rows, undefined, 1))
    await labs.close()
  })

  it.each(faults)('$name', async (fault) => {
    const row = await labs.lend((lab) => replay(lab, fault))
    rows.push(row)
    expect(row).toMatchObject(wanted(fault, engine))
  })
})
