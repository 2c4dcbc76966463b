import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseTempoConfig } from '../../../src/embedded/tempo/config.ts'
import { BlockStore } from '../../../src/embedded/tempo/store/blocks.ts'
import { TraceStore } from '../../../src/embedded/tempo/store/store.ts'
import { decodeRequest } from '../../../src/otlp/protobuf.ts'
import { spansRequests } from '../../bench/load/requests.ts'

const HOUR = 3_600_000

async function withStore(
  settings: { blockRetention?: number; maxBytes?: number },
  work: (store: TraceStore, blocks: BlockStore, dir: string, log: string[]) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tempo-retention-'))
  try {
    const log: string[] = []
    const blocks = await BlockStore.open(dir, (level, message, fields) => {
      log.push(`${level} ${message} ${JSON.stringify(fields)}`)
    })
    const store = new TraceStore({ ...parseTempoConfig('', 'tempo.yaml').store, ...settings }, blocks)
    await work(store, blocks, dir, log)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Spans of now, in a block of their own; `mark` sets their traces apart. */
async function seal(store: TraceStore, now: number, mark = '0'): Promise<void> {
  for (const { bytes } of spansRequests(800)) {
    const data = decodeRequest('traces', bytes)
    for (const { scopes } of data) {
      for (const { items } of scopes) for (const span of items) span.traceId = mark + span.traceId.slice(1)
    }
    store.append(data, 1, now)
  }
  await store.cut(now, true)
  await store.flush(now + HOUR)
}

test('blocks past block_retention go, with a line that says which, why and up to when', () =>
  withStore({ blockRetention: 2 * HOUR }, async (store, blocks, dir, log) => {
    const now = Date.now()
    await seal(store, now)
    await store.expire(now + HOUR)
    expect([blocks.spans, log]).toEqual([800, []])
    await store.expire(now + 3 * HOUR)
    expect([blocks.spans, await readdir(dir)]).toEqual([0, []])
    expect(log).toEqual([
      expect.stringMatching(/^warn deleted the oldest traces .*"older than block_retention","spans":800,"upTo":"20/),
    ])
  }))

test('of blocks that are too much the oldest go, and no more than must', () =>
  withStore({}, async (store, blocks, dir, log) => {
    const now = Date.now()
    await seal(store, now)
    const one = blocks.bytes
    await seal(store, now, '1')
    await blocks.expire(0n, blocks.bytes)
    expect(log).toEqual([])
    await blocks.expire(0n, one)
    expect(await readdir(dir)).toEqual(['00000002.parquet'])
    expect(log).toEqual([expect.stringContaining(`blocks take more than ${one} bytes of memory`)])
  }))
