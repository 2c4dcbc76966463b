import { appendFile, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ExemplarRing } from '../../../src/embedded/prometheus/store/exemplars.ts'
import { Head, type Matcher } from '../../../src/embedded/prometheus/store/head.ts'
import type { MemorySeries } from '../../../src/embedded/prometheus/store/series.ts'
import { openStore, type Store, type StoreSetup } from '../../../src/embedded/prometheus/store.ts'
import { labelsFrom, labelsText } from '../../../src/embedded/series/labels.ts'

let dir: string
const logged: string[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'store-'))
  logged.length = 0
})
afterEach(() => rm(dir, { recursive: true }))

const T0 = Date.UTC(2026, 0, 1)
const setup = (more: Partial<StoreSetup> = {}): StoreSetup => ({
  dir,
  outOfOrderWindowMs: 0,
  retentionMs: 3_600_000,
  retentionBytes: 1 << 30,
  maxExemplars: 3,
  seriesLimit: 1000,
  log: (_, message) => logged.push(message),
  ...more,
})
const labels = (name: string, more: Record<string, string> = {}) =>
  labelsFrom(Object.entries({ __name__: name, ...more }))
const series = (store: Store, name: string, more = {}) => store.head.getOrCreate(labels(name, more))
const put = (store: Store, name: string, time: number, value: number, stale = false) =>
  store.commit([{ series: series(store, name), time: T0 + time, value, stale }], [])

/** [ms after T0, value or 'stale'], oldest first. */
function content(one: MemorySeries | undefined) {
  return (one?.chunks ?? []).flatMap((chunk) =>
    Array.from({ length: chunk.count }, (_, i) => [chunk.time(i) - T0, chunk.stale?.has(i) ? 'stale' : chunk.value(i)]),
  )
}

test('what was committed is there after a restart: values of all kinds, staleness, exemplars', async () => {
  const store = await openStore(setup())
  const values = [0, -0, 1.5, -7, 2 ** 52, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 3]
  for (const [i, value] of values.entries()) await put(store, 'a', i * 1000 + (i === 4 ? 7 : 0), value)
  for (let i = 0; i < 300; i++) await put(store, 'constant', i * 1000, 5)
  await put(store, 'a', 20_000, Number.NaN, true)
  const exemplar = {
    series: series(store, 'a'),
    labels: labelsFrom([['trace_id', 'x']]),
    time: T0,
    value: 2,
    timed: true,
  }
  await store.commit([], [exemplar])
  const before = [content(series(store, 'a')), content(series(store, 'constant'))]
  expect(before[0]).toHaveLength(10)
  expect(before[1]).toHaveLength(300)
  await store.close()
  const again = await openStore(setup())
  expect([content(series(again, 'a')), content(series(again, 'constant'))]).toEqual(before)
  expect([...again.exemplars.select(() => true, 0, T0 * 2).values()].flat()).toMatchObject([{ value: 2, time: T0 }])
  await again.close()
})

test('a torn journal loses only its unfinished commit, and says so', async () => {
  const store = await openStore(setup({ journal: { sync: false } }))
  await put(store, 'a', 0, 1)
  await store.close()
  await appendFile(join(dir, '00000001.log'), Buffer.from([200, 0, 0, 0, 1, 2, 3]))
  const again = await openStore(setup())
  expect(content(series(again, 'a'))).toEqual([[0, 1]])
  expect(logged).toEqual(['Cut an unfinished write off the journal'])
  await again.close()
})

test('late, repeated and contradicting samples', async () => {
  const store = await openStore(setup({ outOfOrderWindowMs: 5000 }))
  for (const time of [0, 1000, 3000, 9000]) await put(store, 'a', time, time)
  expect(await put(store, 'a', 9000, 9000)).toMatchObject({ added: 0, duplicate: 0 })
  expect(await put(store, 'a', 9000, 1)).toMatchObject({ added: 0, duplicate: 1 })
  expect(await put(store, 'a', 6000, 6000)).toMatchObject({ added: 1 })
  expect(await put(store, 'a', 3500, 1)).toMatchObject({ tooOld: 1 })
  expect(await put(store, 'b', -7_200_000, 1)).toMatchObject({ tooOld: 1 })
  expect(content(series(store, 'a'))).toEqual([0, 1000, 3000, 6000, 9000].map((t) => [t, t]))
  store.configure(setup())
  expect(await put(store, 'a', 8000, 1)).toMatchObject({ outOfOrder: 1 })
  await store.close()
})

test('the index finds by equality, by test, and by absence', async () => {
  const store = await openStore(setup())
  for (const [name, job] of [
    ['a', 'x'],
    ['a', 'y'],
    ['b', ''],
  ] as const)
    series(store, name, { job })
  const find = (...matchers: Matcher[]) =>
    store.head
      .select(matchers)
      .map((s) => labelsText(s.labels))
      .sort()
  const equals = (name: string, value: string): Matcher => ({ name, equals: value, matches: (v) => v === value })
  expect(find(equals('__name__', 'a'), equals('job', 'x'))).toEqual(['a{job="x"}'])
  expect(find({ name: 'job', matches: (v) => /^[yz]$/.test(v) })).toEqual(['a{job="y"}'])
  expect(find(equals('job', ''))).toEqual(['b'])
  expect(find(equals('job', 'none'))).toEqual([])
  await store.close()
})

test('a full disk: nothing half-counted, and well again afterwards', async () => {
  let full = false
  const store = await openStore(
    setup({
      journal: {
        open: async (path, flags) => {
          const file = await open(path, flags)
          return {
            writev: (buffers, position) =>
              full ? Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })) : file.writev(buffers, position),
            datasync: () => file.datasync(),
            truncate: (size) => file.truncate(size),
            close: () => file.close(),
          }
        },
      },
    }),
  )
  await put(store, 'a', 0, 1)
  full = true
  await expect(put(store, 'b', 1000, 2)).rejects.toMatchObject({ code: 'disk-full' })
  expect(content(store.head.find(labels('b')))).toEqual([])
  full = false
  await put(store, 'b', 2000, 3)
  await store.close()
  const again = await openStore(setup())
  expect([content(series(again, 'a')), content(series(again, 'b'))]).toEqual([[[0, 1]], [[2000, 3]]])
  await again.close()
})

test('commits during rotations are whole after a restart: each segment defines what it mentions', async () => {
  const store = await openStore(setup({ retentionBytes: 40_000, retentionMs: 1e12 }))
  const all = new Map<string, [number, number][]>()
  for (let round = 0; round < 40; round++) {
    const commits = Array.from({ length: 8 }, async (_, k) => {
      const name = `m${k}`
      const time = round * 1000
      const samples = Array.from({ length: 30 }, (_, i) => ({
        series: series(store, name, { i: String(i) }),
        time: T0 + time,
        value: round,
        stale: false,
      }))
      await store.commit(samples, [])
      for (let i = 0; i < 30; i++) all.set(`${name}/${i}`, [...(all.get(`${name}/${i}`) ?? []), [time, round]])
    })
    await Promise.all([...commits.slice(0, 4), store.maintain(T0), ...commits.slice(4)])
  }
  await store.close()
  const again = await openStore(setup({ retentionBytes: 40_000, retentionMs: 1e12 }))
  expect(again.segment).toBeGreaterThan(3)
  for (const [key, acknowledged] of all) {
    const [name, i] = key.split('/')
    // Retention took the oldest segments; of the others nothing may lack.
    const there = content(again.head.find(labels(name!, { i: i! })))
    expect(there.length, key).toBeGreaterThan(5)
    expect(there, key).toEqual(acknowledged.slice(-there.length))
  }
  await again.close()
})

test('a damaged definition costs its own commit: the next segment says again what the number means', async () => {
  const store = await openStore(setup({ retentionBytes: 40_000 }))
  await put(store, 'a', 0, 0)
  for (let i = 1; i < 900; i++) await put(store, 'a', i * 1000, Math.sqrt(i))
  await store.maintain(T0)
  await put(store, 'a', 900_000, 1)
  expect(store.segment).toBe(2)
  await store.close()
  const file = await open(join(dir, '00000001.log'), 'r+')
  await file.write(Buffer.alloc(16, 0xa5), 0, 16, 4)
  await file.close()
  const again = await openStore(setup())
  expect(content(series(again, 'a'))).toHaveLength(900)
  expect(logged).toContain('Part of the journal is damaged; went on behind it')
  await again.close()
})

test('retention by age and by size forgets the oldest, says so, and survives a restart', async () => {
  const store = await openStore(setup({ retentionBytes: 40_000 }))
  for (let i = 0; i < 400; i++) {
    const samples = Array.from({ length: 10 }, (_, k) => ({
      series: series(store, 'm', { k: String(k) }),
      time: T0 + i * 1000,
      value: i + 0.1,
      stale: false,
    }))
    await store.commit(samples, [])
    if (i % 10 === 0) await store.maintain(T0 + i * 1000)
  }
  await store.maintain(T0 + 400_000)
  expect(store.bytes).toBeLessThanOrEqual(40_000)
  expect(logged).toContain('Deleting obsolete block')
  const kept = content(series(store, 'm', { k: '3' }))
  expect(kept.at(-1)).toEqual([399_000, 399.1])
  expect(kept.length).toBeLessThan(400)
  await store.close()
  const again = await openStore(setup())
  const replayed = content(series(again, 'm', { k: '3' }))
  expect(replayed.at(-1)).toEqual([399_000, 399.1])
  await again.maintain(T0 + 10 * 3_600_000)
  await put(again, 'other', 10 * 3_600_000, 1)
  await again.maintain(T0 + 20 * 3_600_000)
  expect(again.head.find(labels('m', { k: '3' }))).toBeUndefined()
  await again.close()
})

test('too many series are refused by name; the exemplar ring keeps the newest', async () => {
  const store = await openStore(setup({ seriesLimit: 1 }))
  const one = series(store, 'a')
  expect(() => series(store, 'b')).toThrow('the limit of 1 series is reached')
  for (let i = 0; i < 5; i++) store.exemplars.add(one, labelsFrom([['t', String(i)]]), i, T0 + i)
  expect([...store.exemplars.select(() => true, 0, T0 * 2).values()].flat().map((e) => e.value)).toEqual([2, 3, 4])
  store.exemplars.resize(2)
  store.exemplars.add(one, labelsFrom([['t', '9']]), 9, T0 + 9)
  expect([...store.exemplars.select(() => true, 0, T0 * 2).values()].flat().map((e) => e.value)).toEqual([4, 9])
  await store.close()
})

test('a series whose samples are all refused makes room, and comes back with the first that is taken', async () => {
  const store = await openStore(setup({ seriesLimit: 2 }))
  await put(store, 'a', 4_000_000, 1)
  const late = series(store, 'late')
  expect(await store.commit([{ series: late, time: T0, value: 1, stale: false }], [])).toMatchObject({ tooOld: 1 })
  expect(() => series(store, 'b')).toThrow('the limit of 2 series is reached')
  await store.maintain(T0 + 4_000_000)
  expect(store.head.size).toBe(2)
  await store.maintain(T0 + 4_060_000)
  expect(store.head.size).toBe(1)
  await store.commit([{ series: late, time: T0 + 4_060_000, value: 2, stale: false }], [])
  expect(content(store.head.find(labels('late')))).toEqual([[4_060_000, 2]])
  await store.close()
})

test('what is kept of a page does not keep the page', () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  const used = () => {
    gc()
    return process.memoryUsage().heapUsed / 1e6
  }
  const head = new Head(10_000)
  const ring = new ExemplarRing(10_000)
  const before = used()
  for (let i = 0; i < 400; i++) {
    // As a scrape has them: parts of one long text.
    const page = `${'x'.repeat(500_000)}a_name_that_is_long_${i} a_trace_id_that_is_long_${i}`.normalize()
    const [name, id] = page.slice(500_000).split(' ') as [string, string]
    const series = head.getOrCreate(['__name__', name])
    ring.add(series, ['trace_id', id], 1, i)
  }
  // 200 MB of pages have passed.
  expect(used() - before).toBeLessThan(60)
  expect([head.size, ring.size]).toEqual([400, 400])
})
