import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { expect, test } from 'vitest'
import { readBlock, readTrace, type TraceRows, writeBlock } from '../../../src/embedded/tempo/store/block/file.ts'
import { BlockStore } from '../../../src/embedded/tempo/store/blocks.ts'
import type { Span, TracesData } from '../../../src/otlp/types.ts'

const ID = 'ab'.repeat(16)
const START = 1_764_000_000_000_000_000n

const span = (n: number, more: Partial<Span>): Span => ({
  traceId: ID,
  spanId: String(n).padStart(16, '0'),
  parentSpanId: n === 1 ? '' : '0000000000000001',
  traceState: '',
  flags: 1,
  name: 'process_file',
  kind: 1,
  startTimeUnixNano: START,
  endTimeUnixNano: START + 1_500_000_123n,
  attributes: [],
  droppedAttributesCount: 0,
  events: [],
  droppedEventsCount: 0,
  links: [],
  droppedLinksCount: 0,
  status: { code: 0, message: '' },
  ...more,
})

const data: TracesData = [
  {
    resource: { attributes: [{ key: 'service.name', value: 'neuro' }], droppedAttributesCount: 0 },
    schemaUrl: '',
    scopes: [
      {
        scope: { name: 'lib', version: '2', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        items: [
          span(1, {}),
          span(2, {
            name: 'smooth Ä',
            kind: 3,
            attributes: [
              { key: 'file.path', value: 'sub-01.nii.gz' },
              { key: 'voxels', value: 262_144n },
              { key: 'big', value: 2n ** 60n },
              { key: 'quality', value: 0.5 },
              { key: 'ok', value: true },
              { key: 'list', value: ['a', 'b'] },
            ],
            events: [
              {
                name: 'exception',
                timeUnixNano: START,
                attributes: [{ key: 'exception.type', value: 'ValueError' }],
                droppedAttributesCount: 0,
              },
            ],
            status: { code: 2, message: 'truncated gzip' },
          }),
        ],
      },
    ],
  },
]

async function folder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tempo-parquet-'))
  await work(dir).finally(() => rm(dir, { recursive: true, force: true }))
}

test('any Parquet reader finds the spans of a block by columns of plain names', () =>
  folder(async (dir) => {
    const path = join(dir, 'block.parquet')
    await writeBlock(path, [{ id: ID, data }])
    const file = await asyncBufferFromFile(path)
    const { children } = parquetSchema(await parquetMetadataAsync(file))
    expect(children.map(({ element }) => element.name)).toEqual(
      expect.arrayContaining(['trace_id', 'span_id', 'name', 'start_time', 'duration_nanos', 'attributes']),
    )
    const columns = [
      ...['trace_id', 'parent_span_id', 'service_name', 'name', 'kind', 'duration_nanos', 'status', 'status_message'],
      ...['attributes', 'resource_attributes', 'events'],
    ]
    const rows = await parquetReadObjects({ file, columns })
    expect(rows).toMatchObject([
      { trace_id: ID, parent_span_id: '', service_name: 'neuro', name: 'process_file', kind: 'internal' },
      {
        parent_span_id: '0000000000000001',
        name: 'smooth Ä',
        kind: 'client',
        duration_nanos: 1_500_000_123n,
        status: 'error',
        status_message: 'truncated gzip',
      },
    ])
    const parsed = ['attributes', 'resource_attributes', 'events'].map((name) => JSON.parse(String(rows[1]![name])))
    expect(parsed).toEqual([
      {
        'file.path': 'sub-01.nii.gz',
        voxels: 262_144,
        big: String(2n ** 60n),
        quality: 0.5,
        ok: true,
        list: '["a","b"]',
      },
      { 'service.name': 'neuro' },
      [{ name: 'exception', attributes: { 'exception.type': 'ValueError' } }],
    ])
    // And nothing of what came is lost.
    expect(await readBlock(path)).toEqual([{ id: ID, data }])
  }))

test('a block that is torn or foreign is set aside, what a crash left half written goes, the others are read', () =>
  folder(async (dir) => {
    await writeBlock(join(dir, '00000001.parquet'), [{ id: ID, data }])
    await writeFile(join(dir, '00000002.parquet'), 'PAR1 and no more')
    await writeFile(join(dir, '00000003.parquet.tmp'), 'half')
    const log: string[] = []
    const store = await BlockStore.open(dir, (level, message) => log.push(`${level} ${message}`))
    expect(store.spans).toBe(2)
    expect(log).toEqual(['error a block is damaged, it is set aside'])
    expect((await readdir(dir)).sort()).toEqual(['00000001.parquet', '00000002.parquet.damaged'])
  }))

const traceOf = (n: number, items = 2): TraceRows => {
  const id = String(n + 1).padStart(32, '0')
  const spans = Array.from({ length: items }, (_, i) => span(i + 1, { traceId: id, name: `of ${n}` }))
  return { id, data: [{ ...data[0]!, scopes: [{ ...data[0]!.scopes[0]!, items: spans }] }] }
}

/** Flips every `step`th byte of a file in a copy of its own, one at a time. */
async function flipping(path: string, step: number, work: (at: number) => Promise<void>): Promise<void> {
  const whole = await readFile(path)
  for (let at = 4; at < whole.length; at += step) {
    const bad = Buffer.from(whole)
    bad[at]! ^= 0x55
    await writeFile(path, bad)
    await work(at)
  }
  await writeFile(path, whole)
}

test('whichever byte of a block is flipped, a start notices, keeps the file, and has the traces that are still good', () =>
  folder(async (dir) => {
    const path = join(dir, '00000001.parquet')
    const traces = Array.from({ length: 300 }, (_, n) => traceOf(n))
    await writeBlock(path, traces)
    let [flips, saved] = [0, 0]
    await flipping(path, 4001, async (at) => {
      const log: string[] = []
      const store = await BlockStore.open(dir, (level, message) => log.push(`${level} ${message}`))
      expect(log, `byte ${at}`).toEqual(['error a block is damaged, it is set aside'])
      expect(await readdir(dir), `byte ${at}`).toContain('00000001.parquet.damaged')
      for (const { id, data } of traces.filter((_, n) => n % 9 === 0)) {
        const found = await store.find(id)
        if (found.length > 0) expect(found).toEqual(data)
      }
      flips++
      saved += store.spans / 600
      for (const name of await readdir(dir)) await rm(join(dir, name))
    })
    expect(flips).toBeGreaterThan(3)
    expect(saved / flips).toBeGreaterThan(0.4)
  }))

test('a block that goes bad while the store runs stops neither compaction nor a query by id', () =>
  folder(async (dir) => {
    const log: string[] = []
    const store = await BlockStore.open(dir, (level, message) => log.push(`${level} ${message}`))
    for (let n = 0; n < 20; n++) await store.seal([traceOf(n), traceOf(100 + n)])
    const corrupt = async (number: string, at: number) => {
      const path = join(dir, `${number}.parquet`)
      const bytes = await readFile(path)
      bytes.fill(0xa5, at < 0 ? bytes.length + at : at, at < 0 ? bytes.length : at + 16)
      await writeFile(path, bytes)
    }
    await corrupt('00000003', -40)
    await corrupt('00000007', -40)
    await rm(join(dir, '00000009.parquet'))
    expect(await store.find(traceOf(2).id)).toEqual([])
    expect(log).toEqual(['error a block is damaged, it is set aside'])
    await store.compact()
    expect(store.count).toBe(1)
    expect((await readdir(dir)).sort()).toEqual([
      '00000003.parquet.damaged',
      '00000007.parquet.damaged',
      '00000021.parquet',
    ])
    for (const n of [0, 1, 3, 5, 7, 19]) expect(await store.find(traceOf(n).id)).toEqual(traceOf(n).data)
    for (const n of [6, 8]) expect(await store.find(traceOf(n).id)).toEqual([])
  }))

test('one trace is read by its row, in whichever page and row group it is', () =>
  folder(async (dir) => {
    const path = join(dir, 'block.parquet')
    const traces = Array.from({ length: 11_000 }, (_, i) => traceOf(i))
    await writeBlock(path, traces)
    for (const i of [0, 1, 4321, 9999, 10_000, 10_999]) expect(await readTrace(path, 2 * i)).toEqual(traces[i]!.data)
    await expect(readTrace(path, 1)).rejects.toThrow('holds no trace at row 1')
  }))
