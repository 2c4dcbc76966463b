import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Journal } from '../../../src/embedded/journal.ts'
import { openJournal } from '../../../src/embedded/journal.ts'
import { parseTempoConfig } from '../../../src/embedded/tempo/config.ts'
import { createIngest } from '../../../src/embedded/tempo/ingest.ts'
import { startMaintenance } from '../../../src/embedded/tempo/maintenance.ts'
import { BlockStore } from '../../../src/embedded/tempo/store/blocks.ts'
import { TraceStore } from '../../../src/embedded/tempo/store/store.ts'
import { spansRequests } from '../../bench/load/requests.ts'

test('what is on disk and on its way to memory is not let go of by the tidying of the journal', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tempo-journal-'))
  const journal = await openJournal(join(dir, 'journal'))
  let held: (() => void) | undefined
  // Between the acknowledgement of the disk and the store there is a moment; here it is as long as we like.
  const slow: Journal = Object.create(journal, {
    append: {
      value: async (record: (segment: number) => Uint8Array) => {
        const where = await journal.append(record)
        await new Promise<void>((done) => {
          held = done
        })
        return where
      },
    },
  })
  const store = new TraceStore(
    parseTempoConfig('', 'tempo.yaml').store,
    await BlockStore.open(join(dir, 'blocks'), () => {}),
  )
  const maintenance = startMaintenance(store, journal, 60_000, () => {})
  try {
    // More than a journal must have before it is worth a new segment.
    await journal.append(() => new Uint8Array(2 << 20))
    const [{ bytes } = { bytes: new Uint8Array() }] = spansRequests(8)
    const taken = createIngest(store, slow, Date.now, maintenance.run)(bytes)
    await expect.poll(() => held).toBeDefined()
    await maintenance.run()
    held!()
    await taken
    await maintenance.run()
    await maintenance.stop()
    await journal.close()
    const kept: Uint8Array[] = []
    const again = await openJournal(join(dir, 'journal'), { onRecord: (record) => kept.push(record.slice()) })
    await again.close()
    expect(kept.some((record) => Buffer.from(record).equals(bytes))).toBe(true)
  } finally {
    await maintenance.stop()
    await rm(dir, { recursive: true, force: true })
  }
})
