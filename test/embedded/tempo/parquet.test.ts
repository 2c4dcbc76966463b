import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
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

test('a block that is torn or foreign is left alone, what a crash left half written goes, the others are read', () =>
  folder(async (dir) => {
    await writeBlock(join(dir, '00000001.parquet'), [{ id: ID, data }])
    await writeFile(join(dir, '00000002.parquet'), 'PAR1 and no more')
    await writeFile(join(dir, '00000003.parquet.tmp'), 'half')
    const log: string[] = []
    const store = await BlockStore.open(dir, (level, message) => log.push(`${level} ${message}`))
    expect(store.spans).toBe(2)
    expect(log).toEqual(['error cannot read a block, it is left alone'])
    expect((await readdir(dir)).sort()).toEqual(['00000001.parquet', '00000002.parquet'])
  }))

test('one trace is read by its row, in whichever page and row group it is', () =>
  folder(async (dir) => {
    const path = join(dir, 'block.parquet')
    const traces: TraceRows[] = Array.from({ length: 11_000 }, (_, i) => {
      const id = String(i + 1).padStart(32, '0')
      const items = [1, 2].map((n) => span(n, { traceId: id, name: `of ${i}` }))
      return { id, data: [{ ...data[0]!, scopes: [{ ...data[0]!.scopes[0]!, items }] }] }
    })
    await writeBlock(path, traces)
    for (const i of [0, 1, 4321, 9999, 10_000, 10_999]) expect(await readTrace(path, 2 * i)).toEqual(traces[i]!.data)
    await expect(readTrace(path, 1)).rejects.toThrow('holds no trace at row 1')
  }))
