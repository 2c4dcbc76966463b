import { mkdir, open as openReal, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../../src/embedded/config.ts'
import { readLimits } from '../../../src/embedded/loki/config/limits.ts'
import { createIngest } from '../../../src/embedded/loki/ingest/ingest.ts'
import { createLabelNamer } from '../../../src/embedded/loki/ingest/label-name.ts'
import type { Entry, Labels, Needle } from '../../../src/embedded/loki/logql/source.ts'
import { Block, encodeBlock } from '../../../src/embedded/loki/store/codec.ts'
import { LogStore, type StoreSetup } from '../../../src/embedded/loki/store.ts'
import { folder, onEnd } from './support.ts'

const HOUR = 3_600_000
const APP: Labels = [['app', 'x']]
const MATCH = { name: 'app', operator: '=' as const, value: 'x', matches: (value: string) => value === 'x' }

async function open(dir: string, setup: Partial<StoreSetup> = {}) {
  const log: string[] = []
  const store = await LogStore.open({
    dir,
    log: (level, message, fields) => log.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
    retentionMs: 0,
    maxDiskBytes: 1 << 30,
    now: () => 100 * HOUR,
    ...setup,
  })
  onEnd(() => store.close())
  return { store, log }
}

const entry = (hours: number, line: string, metadata: Labels = []): Entry => ({
  nanos: BigInt(hours * HOUR) * 1_000_000n,
  line,
  metadata,
})

const add = (store: LogStore, ...entries: Entry[]) => store.commit([{ stream: store.define(APP), entries }])

function read(
  store: LogStore,
  more: { direction?: 'forward' | 'backward'; contains?: string[]; labelValues?: string[]; needles?: Needle[] } = {},
) {
  const all: string[] = []
  const selection = { startNanos: 0n, endNanos: 2n ** 62n, direction: 'forward' as const, contains: [], ...more }
  for (const stream of store.select({ matchers: [MATCH], ...selection })) {
    for (const entry of stream.entries()) if (entry !== undefined) all.push(entry.line)
  }
  return all
}

test('a block gives back what went in, whatever the text', () => {
  const entries: Entry[] = [
    entry(1, 'plain', [['a', '1']]),
    entry(2, 'größe 😀 \u0000', [
      ['a', '1'],
      ['b', 'ü'],
    ]),
    entry(3, ''),
    entry(-1, 'x'.repeat(100_000), [['c', '']]),
  ]
  const block = new Block(encodeBlock(entries).bytes)
  expect(Array.from({ length: block.count }, (_, i) => block.entry(i))).toEqual(entries)
  expect([block.mayContain(['größe']), block.mayContain(['groß'])]).toEqual([true, false])
  expect([block.mayHaveLabelValue(['ü', '1']), block.mayHaveLabelValue(['ü', '2'])]).toEqual([true, false])
  expect(() => new Block(encodeBlock(entries).bytes.subarray(0, -1))).toThrow(RangeError)
})

test('halves of a character that were cut apart stay apart', () => {
  const block = new Block(encodeBlock([entry(1, 'a\ud83d'), entry(2, '\ude00b')]).bytes)
  expect([block.entry(0).line, block.entry(1).line]).toEqual(['a\ufffd', '\ufffdb'])
})

test('chunks and memory are merged in order of time, in both directions, and hints leave blocks out', async () => {
  const { store } = await open(await folder())
  await add(store, entry(1, 'a'), entry(3, 'c'), entry(5, 'e'))
  await store.flush()
  await add(store, entry(2, 'b'), entry(4, 'd'), entry(5, 'e'), entry(5, 'e2'))
  await store.flush()
  await add(store, entry(0, 'start'), entry(3, 'c2'), entry(6, 'f'))
  const want = ['start', 'a', 'b', 'c', 'c2', 'd', 'e', 'e2', 'f']
  expect(read(store)).toEqual(want)
  expect(read(store, { direction: 'backward' })).toEqual(want.toReversed())
  expect(read(store, { contains: ['d'] })).toEqual(['start', 'b', 'c2', 'd', 'e', 'e2', 'f'])
  // No block has it in its metadata, but the stream's own labels do say `x`.
  expect(read(store, { labelValues: ['abc'] })).toEqual(['start', 'c2', 'f'])
  expect(read(store, { labelValues: ['x'] })).toEqual(want)
})

test('what a line says is found in its text, in its metadata and behind escapes, on disk and in memory', async () => {
  const { store } = await open(await folder())
  const lines = [
    entry(1, '{"id":"abc123"}'),
    entry(2, 'no', [['id', 'abc123']]),
    entry(3, '{"id":"\\u0061bc123"}'),
    entry(4, '{"id":"abc124"}'),
  ]
  for (const one of lines) {
    await add(store, one)
    await store.flush()
  }
  await add(store, ...lines.map(({ line, metadata }, i) => entry(10 + i, line, metadata)))
  const want = ['{"id":"abc123"}', 'no', '{"id":"\\u0061bc123"}']
  expect(read(store, { needles: [{ value: 'abc123', whole: true }] })).toEqual([...want, ...want])
  expect(read(store, { needles: [{ value: 'x', whole: true }] })).toHaveLength(8)
})

test('old lines go by age and by size, and the log says which', async () => {
  const dir = await folder()
  const { store, log } = await open(dir, { retentionMs: 24 * HOUR })
  for (const hours of [10, 90, 99]) {
    await add(store, entry(hours, `at ${hours}`))
    await store.flush()
  }
  await store.maintain()
  expect(read(store)).toEqual(['at 90', 'at 99'])
  expect(log).toEqual([
    expect.stringMatching(
      /^warn deleted the oldest log lines .*older than retention_period.*"lines":1,"upTo":"1970-01-01T10:00:00.000Z"/,
    ),
  ])
  await store.close()

  const second = await open(dir, { maxDiskBytes: 250 })
  await second.store.maintain()
  expect(read(second.store)).toEqual(['at 99'])
  expect(second.log.at(-1)).toContain('the store is larger than 250 bytes')
})

test('lines that have been in memory for long are cut', async () => {
  const dir = await folder()
  const { store } = await open(dir, { maxHeadAgeMs: HOUR })
  await add(store, entry(98, 'old'), entry(100, 'new'))
  await store.maintain()
  expect([store.stats.inMemory, store.stats.chunkFiles, read(store)]).toEqual([0, 1, ['old', 'new']])
})

test('past its budget memory is cut into chunks by itself', async () => {
  const { store } = await open(await folder(), { headBytes: 10_000 })
  for (let i = 0; i < 50; i++) await add(store, entry(i, `${i} `.padEnd(500, 'x')))
  expect(store.stats.chunkFiles).toBeGreaterThan(1)
  expect(store.stats.inMemory).toBeLessThan(45)
  expect(read(store).map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 50 }, (_, i) => i))
})

test('a chunk that cannot be written loses nothing, and is written later', async () => {
  const dir = await folder()
  const { store, log } = await open(dir)
  await add(store, entry(1, 'a'))
  await rm(join(dir, 'chunks'), { recursive: true })
  await store.flush()
  await store.flush()
  await add(store, entry(2, 'b'))
  expect(read(store)).toEqual(['a', 'b'])
  expect(log).toEqual([expect.stringMatching(/^error cannot write a chunk; its lines stay in the journal/)])
  await mkdir(join(dir, 'chunks'))
  await store.flush()
  expect(log.at(-1)).toMatch(/^info chunks can be written again/)
  await store.close()
  expect(read((await open(dir)).store)).toEqual(['a', 'b'])
})

test('a damaged chunk is passed over and told of; a journal that was taken away does not hide what comes', async () => {
  const dir = await folder()
  const { store } = await open(dir)
  for (const hours of [1, 2]) {
    await add(store, entry(hours, `at ${hours}`))
    await store.flush()
  }
  await store.close()
  const [first] = (await readdir(join(dir, 'chunks'))).sort()
  await truncate(join(dir, 'chunks', first!), 20)
  await rm(join(dir, 'journal'), { recursive: true })
  const second = await open(dir)
  expect(second.log[0]).toMatch(/^error passed over a damaged chunk /)
  await add(second.store, entry(3, 'at 3'))
  await second.store.close()
  expect(read((await open(dir)).store)).toEqual(['at 2', 'at 3'])
})

test('the newest chunk is damaged: it is kept, and no flush takes its name', async () => {
  const dir = await folder()
  const { store } = await open(dir)
  for (const hours of [1, 2]) {
    await add(store, entry(hours, `at ${hours}`))
    await store.flush()
  }
  await store.close()
  const path = join(dir, 'chunks', '00000002.chunk')
  await truncate(path, 30)
  const bad = await readFile(path)
  for (const hours of [3, 4]) {
    const { store: next } = await open(dir)
    await add(next, entry(hours, `at ${hours}`))
    await next.flush()
    await next.close()
  }
  const names = ['00000001.chunk', '00000002.chunk.damaged', '00000003.chunk', '00000004.chunk']
  expect((await readdir(join(dir, 'chunks'))).sort()).toEqual(names)
  expect(await readFile(`${path}.damaged`)).toEqual(bad)
  expect(read((await open(dir)).store)).toEqual(['at 1', 'at 3', 'at 4'])
})

test('what the disk refuses is refused to the sender, shows nowhere, and the store goes on', async () => {
  let full = false
  const openFile = async (path: string, flags: string) => {
    const file = await openReal(path, flags)
    const writev: typeof file.writev = (buffers, position) => {
      if (full) return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
      return file.writev(buffers, position)
    }
    return {
      writev,
      datasync: () => file.datasync(),
      truncate: (size?: number) => file.truncate(size),
      close: () => file.close(),
    }
  }
  const dir = await folder()
  const { store } = await open(dir, { journal: { open: openFile } })
  const limits = readLimits(readConfig('', 'x'), readConfig('', 'x'))
  const ingest = createIngest(store, createLabelNamer(), { limits, maxChunkAgeMs: HOUR, now: () => 100 * HOUR })
  const push = (line: string) =>
    ingest.push([{ text: '{app="x"}', labels: [['app', 'x']], entries: [{ ...entry(100, line), metadata: [] }] }])
  full = true
  await expect(push('lost')).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining('the disk is full'),
  })
  expect(read(store)).toEqual([])
  full = false
  await push('kept')
  expect([read(store), ingest.counts.lines]).toEqual([['kept'], 1])
  await store.close()
  expect(read((await open(dir)).store)).toEqual(['kept'])
})
