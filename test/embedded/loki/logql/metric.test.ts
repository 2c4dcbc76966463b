import { describe, expect, test } from 'vitest'
import { at, instant, logql, range, sourceOf, type TestLine } from './support.ts'

const every = (seconds: number, to: number, line: (t: number) => string): TestLine[] =>
  Array.from({ length: Math.floor(to / seconds) }, (_, i) => ({ t: (i + 1) * seconds, line: line((i + 1) * seconds) }))

describe('windows and range aggregations', () => {
  const source = sourceOf({
    'app=a': every(10, 120, (t) => `v=${t / 10} took=${t}ms size=${t}kB`),
    'app=b': every(20, 120, () => 'v=2'),
  })

  test('a window is open on the left and closed on the right', async () => {
    expect(await instant('count_over_time({app="a"}[30s])', source, 60)).toEqual({ 'app=a': [3] })
    expect(await instant('count_over_time({app="a"}[30s] offset 30s)', source, 60)).toEqual({ 'app=a': [3] })
    expect(await range('count_over_time({app="a"}[10s])', source, 0, 30, 5)).toEqual({ 'app=a': [1, 1, 1, 1, 1] })
  })

  test.each([
    ['rate({app=~"a|b"}[1m])', { 'app=a': [0.1], 'app=b': [0.05] }],
    ['bytes_over_time({app="b"}[1m])', { 'app=b': [9] }],
    ['sum_over_time({app="a"} | logfmt | keep app, v | unwrap v [1m])', { 'app=a': [21] }],
    ['avg_over_time({app="a"} | logfmt | unwrap v [1m]) by (app)', { 'app=a': [3.5] }],
    ['max_over_time({app="a"} | logfmt | unwrap duration(took) [1m]) by (app)', { 'app=a': [0.06] }],
    ['min_over_time({app="a"} | logfmt | unwrap bytes(size) [1m]) by (app)', { 'app=a': [10000] }],
    ['first_over_time({app="a"} | logfmt | unwrap v [1m]) by (app)', { 'app=a': [1] }],
    ['last_over_time({app="a"} | logfmt | unwrap v [1m]) by (app)', { 'app=a': [6] }],
    ['quantile_over_time(0.5, {app="a"} | logfmt | unwrap v [1m]) by (app)', { 'app=a': [3.5] }],
    ['stdvar_over_time({app="b"} | logfmt | unwrap v [1m]) by (app)', { 'app=b': [0] }],
    ['rate_counter({app="a"} | logfmt | keep app, v | unwrap v [1m])', { 'app=a': [0.1] }],
    ['absent_over_time({app="c", env="p"}[1m])', { 'app=c,env=p': [1] }],
    ['absent_over_time({app="a"}[1m])', {}],
  ])('%s', async (query, expected) => {
    const got = (await instant(query, source, 60)) as Record<string, number[]>
    for (const [key, [value]] of Object.entries(expected as Record<string, number[]>)) {
      expect(got[key]?.[0]).toBeCloseTo(value!, 9)
    }
    expect(Object.keys(got)).toEqual(Object.keys(expected))
  })

  test('labels that differ from line to line make a series of each', async () => {
    const got = await instant('sum_over_time({app="a"} | logfmt | unwrap v [1m])', source, 60)
    expect(Object.keys(got)).toHaveLength(6)
    expect(got).toMatchObject({ 'app=a,size=60kB,took=60ms': [6] })
  })

  test('streams in one series are put in the order of time', async () => {
    const mixed = sourceOf({
      'app=a,pod=1': [
        { t: 10, line: 'v=1' },
        { t: 30, line: 'v=3' },
      ],
      'app=a,pod=2': [{ t: 20, line: 'v=2' }],
    })
    expect(await instant('last_over_time({app="a"} | logfmt | unwrap v [25s]) by (app)', mixed, 25)).toEqual({
      'app=a': [2],
    })
    expect(await instant('first_over_time({app="a"} | logfmt | unwrap v [25s]) by (app)', mixed, 40)).toEqual({
      'app=a': [2],
    })
  })
})

describe('vectors', () => {
  const source = sourceOf({
    'app=a,pod=1': every(10, 60, () => 'x'),
    'app=a,pod=2': every(20, 60, () => 'x'),
    'app=b,pod=1': every(30, 60, () => 'x'),
  })
  const all = 'count_over_time({app=~".+"}[1m])'

  test.each([
    [`sum(${all})`, { '': [11] }],
    [`sum by (app) (${all})`, { 'app=a': [9], 'app=b': [2] }],
    [`max without (pod) (${all})`, { 'app=a': [6], 'app=b': [2] }],
    [`count(${all})`, { '': [3] }],
    [`avg by (pod) (${all})`, { 'pod=1': [4], 'pod=2': [3] }],
    [`topk(1, ${all})`, { 'app=a,pod=1': [6] }],
    [`bottomk(1, ${all}) by (app)`, { 'app=a,pod=2': [3], 'app=b,pod=1': [2] }],
    [`sum by (app) (${all}) / on (app) group_left sum by (app) (${all})`, { 'app=a': [1], 'app=b': [1] }],
    [
      `${all} * on (app) group_left count by (app) (${all})`,
      { 'app=a,pod=1': [12], 'app=a,pod=2': [6], 'app=b,pod=1': [2] },
    ],
    [`${all} > 2`, { 'app=a,pod=1': [6], 'app=a,pod=2': [3] }],
    [`${all} > bool 2`, { 'app=a,pod=1': [1], 'app=a,pod=2': [1], 'app=b,pod=1': [0] }],
    [`sum(${all}) or vector(0)`, { '': [11] }],
    ['sum(count_over_time({app="none"}[1m])) or vector(7)', { '': [7] }],
    [`${all} unless ${all} > 2`, { 'app=b,pod=1': [2] }],
    [`${all} and ${all} < 3`, { 'app=b,pod=1': [2] }],
    [`sum(${all}) / 0`, { '': [Number.NaN] }],
    [`label_replace(sum by (app) (${all}), "n", "<$1>", "app", "(.*)")`, { 'app=a,n=<a>': [9], 'app=b,n=<b>': [2] }],
  ])('%s', async (query, expected) => {
    expect(await instant(query, source, 60)).toEqual(expected)
  })

  test('sort puts the series in order', async () => {
    expect(Object.keys((await instant(`sort(${all})`, source, 60)) as object)).toEqual([
      'app=b,pod=1',
      'app=a,pod=2',
      'app=a,pod=1',
    ])
  })

  test('sides that do not match one to one are refused', async () => {
    await expect(instant(`${all} + on (app) ${all}`, source, 60)).rejects.toThrow(
      'found duplicate series on the right hand-side',
    )
  })

  test('more series than allowed are refused', async () => {
    const query = logql.parse(all)
    await expect(logql.instant({ query, source, nanos: at(60), maxSeries: 2 })).rejects.toThrow(
      'maximum number of series (2) reached',
    )
  })
})

test('an error fails a metric query, unless it is filtered out or not looked at', async () => {
  const source = sourceOf({
    'app=a': [
      { t: 10, line: 'not json' },
      { t: 20, line: '{"v":"1"}' },
    ],
  })
  await expect(instant('sum by (v) (count_over_time({app="a"} | json [1m]))', source, 60)).rejects.toThrow(
    `pipeline error: 'JSONParserErr' for series: '{__error__="JSONParserErr"`,
  )
  expect(await instant('sum(count_over_time({app="a"} | json [1m]))', source, 60)).toEqual({ '': [2] })
  expect(await instant('sum by (v) (count_over_time({app="a"} | json | __error__="" [1m]))', source, 60)).toEqual({
    'v=1': [1],
  })
})

test('structured metadata tells series apart and can be grouped by', async () => {
  const line = (t: number, level: string): TestLine => ({ t, line: 'x', metadata: { detected_level: level } })
  const source = sourceOf({ 'app=a': [line(10, 'info'), line(20, 'error'), line(30, 'info')] })
  expect(await instant('sum by (detected_level) (count_over_time({app="a"}[1m]))', source, 60)).toEqual({
    'detected_level=error': [1],
    'detected_level=info': [2],
  })
})

test('an expression that takes too long on a line is refused, and a checkpoint comes soon where lines are long', async () => {
  const long = `x${'a'.repeat(100_000)}`
  const source = sourceOf({ 'app=a': Array.from({ length: 5 }, (_, i) => ({ t: i + 1, line: long })) })
  const started = performance.now()
  const query = 'count_over_time({app="a"} |~ ".{1000}x$" [1m])'
  await expect(instant(query, source, 60)).rejects.toThrow('takes too long on a text of 100001 characters')
  expect(performance.now() - started).toBeLessThan(2000)
  let calls = 0
  await logql.instant({
    query: logql.parse('count_over_time({app="a"}[1m])'),
    source,
    nanos: at(60),
    checkpoint: () => {
      calls++
      return undefined
    },
  })
  expect(calls).toBeGreaterThanOrEqual(5)
})

test('a query can be stopped', async () => {
  const source = sourceOf({ 'app=a': Array.from({ length: 5000 }, (_, i) => ({ t: i / 100, line: 'x' })) })
  let calls = 0
  const checkpoint = () => {
    if (++calls === 2) throw new Error('time is up')
    return undefined
  }
  const query = logql.parse('count_over_time({app="a"}[1m])')
  await expect(logql.instant({ query, source, nanos: at(60), checkpoint })).rejects.toThrow('time is up')
})
