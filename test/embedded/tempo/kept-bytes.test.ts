import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeTraces } from '../../../src/embedded/tempo/ingest.ts'
import { BlockStore } from '../../../src/embedded/tempo/store/blocks.ts'
import { TraceStore } from '../../../src/embedded/tempo/store/store.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { TracesData } from '../../../src/otlp/types.ts'

const ID = '5b8efff798038103d269b633813fc60c'
const settings = {
  ...{ maxTraceIdle: 0, maxTraceLive: 0, maxBlockDuration: 0, blockRetention: 1e12 },
  ...{ maxAttributeBytes: 10, maxBytes: 1e9 },
}
const spansOf = (data: TracesData) => data.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items))

test('a block holds spans as the store has them: as they came, or cut and given an id', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tempo-kept-'))
  try {
    const long = (name: string) => [{ key: 'k', value: { stringValue: name.repeat(20) } }]
    const spans = [
      { name: 'as it came', spanId: 'eee19b7ec3c1b171', attributes: [] },
      { name: 'cut', spanId: 'eee19b7ec3c1b172', attributes: long('x') },
      { name: 'cut in an event', spanId: 'eee19b7ec3c1b173', events: [{ name: 'e', attributes: long('y') }] },
      { name: 'without an id', spanId: '', attributes: [] },
    ].map((span) => ({ traceId: ID, startTimeUnixNano: '1700000000000000000', ...span }))
    const json = { resourceSpans: [{ scopeSpans: [{ spans }] }] }
    const store = new TraceStore(settings, await BlockStore.open(dir, () => {}))
    store.append(decodeTraces(encodeRequest('traces', requestFromJson('traces', json))).data, 1, 1)
    const before = spansOf((await store.find(ID))!)
    await store.cut(2, true)
    await store.flush(3)
    const after = spansOf(await (await BlockStore.open(dir, () => {})).find(ID))
    const told = after.map(({ name, spanId, attributes, events }) => [
      name,
      spanId.slice(-3),
      [...attributes, ...events.flatMap((event) => event.attributes)].map(({ value }) => value),
    ])
    expect(told).toEqual([
      ['as it came', '171', []],
      ['cut', '172', ['x'.repeat(10)]],
      ['cut in an event', '173', ['y'.repeat(10)]],
      // Zeros, which are no id when they are read.
      ['without an id', '', []],
    ])
    expect(before.map(({ attributes }) => attributes)).toEqual(after.map(({ attributes }) => attributes))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
