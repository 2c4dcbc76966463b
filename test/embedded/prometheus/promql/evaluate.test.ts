import { beforeEach, describe, expect, test } from 'vitest'
import { type Answer, Engine } from '../../../../src/embedded/prometheus/promql/engine.ts'
import { SIGNATURES } from '../../../../src/embedded/prometheus/promql/functions/signatures.ts'
import { labelsText } from '../../../../src/embedded/series/labels.ts'
import { MemorySource } from '../../../support/memory-source.ts'

const MINUTE = 60_000
let source: MemorySource
let now: number

/** A sample a minute from time 0; null leaves one out, 'stale' ends the series. */
function load(name: string, labels: Record<string, string>, values: (number | null | 'stale')[]): void {
  const samples = values.flatMap((value, i) =>
    value === null
      ? []
      : [{ time: i * MINUTE, value: value === 'stale' ? Number.NaN : value, stale: value === 'stale' }],
  )
  source.add({ __name__: name, ...labels }, samples)
}

const engine = (more = {}) => new Engine({ source, now: () => now, ...more })
const options = () => ({ lookbackMs: 5 * MINUTE, deadline: now + 60_000 })

/** `{job="a"} 5`, one text a series. */
async function instant(query: string, minute: number, more = {}): Promise<string[]> {
  const { data } = await engine(more).instant(query, minute * MINUTE, options())
  if (data.resultType === 'vector')
    return data.result.map(({ labels, value }) => `${labelsText(labels)} ${value}`.trim())
  if (data.resultType === 'matrix') {
    return data.result.map(
      ({ labels, times, values }) =>
        `${labelsText(labels)} ${Array.from(times, (t, i) => `${values[i]}@${t / MINUTE}`).join(' ')}`,
    )
  }
  return [String(data.value)]
}

async function range(query: string, end: number): Promise<string[]> {
  const { data } = await engine().range(query, { start: 0, end: end * MINUTE, step: MINUTE }, options())
  if (data.resultType !== 'matrix') throw new Error(data.resultType)
  return data.result.map(({ labels, times, values }) => {
    const cells: (number | string)[] = Array.from({ length: end + 1 }, () => '_')
    for (let i = 0; i < times.length; i++) cells[times[i]! / MINUTE] = values[i]!
    return `${labelsText(labels)} ${cells.join(' ')}`.trim()
  })
}

const ask = (query: string, minute = 10): Promise<Answer> => engine().instant(query, minute * MINUTE, options())

beforeEach(() => {
  source = new MemorySource()
  now = 1_700_000_000_000
  load('jobs_total', { job: 'a' }, [0, 60, 120, 180, 0, 60, 120])
  load('jobs_total', { job: 'b' }, [0, 30, 60, 90, 120, 150, 180])
  load('temp', { room: 'x' }, [1, 2, 'stale', null, 5])
  load('temp', { room: 'y' }, [4, 3, 2, 1, 0])
})

describe('selectors', () => {
  test('look back five minutes, not to the very edge, and never past a staleness marker', async () => {
    expect(await instant('temp{room="y"}', 8.99)).toEqual(['temp{room="y"} 0'])
    expect(await instant('temp{room="y"}', 9)).toEqual([])
    expect(await range('temp{room="x"}', 4)).toEqual(['temp{room="x"} 1 2 _ _ 5'])
  })

  test('offset and @ move in time, together and negative', async () => {
    expect(await instant('temp{room="y"} offset 3m', 4)).toEqual(['temp{room="y"} 3'])
    expect(await instant('temp{room="y"} offset -2m', 0)).toEqual(['temp{room="y"} 2'])
    expect(await range('temp{room="y"} @ 120 offset 1m', 2)).toEqual(['temp{room="y"} 3 3 3'])
    expect(await range('temp{room="y"} @ end()', 3)).toEqual(['temp{room="y"} 1 1 1 1'])
  })

  test('a range leaves out its start and staleness markers', async () => {
    expect(await instant('temp{room="y"}[2m]', 3)).toEqual(['temp{room="y"} 2@2 1@3'])
    expect(await instant('temp{room="x"}[10m]', 4)).toEqual(['temp{room="x"} 1@0 2@1 5@4'])
  })
})

describe('range functions', () => {
  test('increase bridges a counter reset and reaches to the edges', async () => {
    expect(await instant('increase(jobs_total{job="a"}[6m30s])', 6.25)).toEqual(['{job="a"} 312.5'])
    expect(await instant('rate(jobs_total{job="b"}[2m])', 6)).toEqual(['{job="b"} 0.5'])
    expect(await instant('irate(jobs_total{job="b"}[2m])', 6)).toEqual(['{job="b"} 0.5'])
    expect(await instant('resets(jobs_total[10m])', 6)).toEqual(['{job="a"} 1', '{job="b"} 0'])
  })

  test('reduce a range', async () => {
    expect(await range('sum_over_time(temp{room="y"}[2m])', 4)).toEqual(['{room="y"} 4 7 5 3 1'])
    expect(await instant('quantile_over_time(0.5, temp{room="y"}[5m])', 4)).toEqual(['{room="y"} 2'])
    expect(await instant('stdvar_over_time(temp{room="y"}[5m])', 4)).toEqual(['{room="y"} 2'])
    expect(await instant('last_over_time(temp{room="y"}[5m])', 4)).toEqual(['temp{room="y"} 0'])
    expect(await instant('deriv(temp{room="y"}[5m])', 4)).toEqual([`{room="y"} ${-1 / 60}`])
  })

  test('run over subqueries, whose steps are aligned', async () => {
    expect(await instant('max_over_time(temp{room="y"}[3m:1m])', 3.5)).toEqual(['{room="y"} 3'])
    expect(await instant('count_over_time(temp{room="y"}[4m:30s])', 4)).toEqual(['{room="y"} 8'])
    expect(await instant('temp{room="y"}[2m:] offset 1m', 4)).toEqual(['temp{room="y"} 2@2 1@3'])
  })

  test('absent_over_time tells what it looked for', async () => {
    expect(await instant('absent_over_time(nothing{a="b", c!="d"}[5m])', 1)).toEqual(['{a="b"} 1'])
    expect(await instant('absent(temp{room="x"})', 1)).toEqual([])
    expect(await instant('absent(temp{room="x"})', 3)).toEqual(['{room="x"} 1'])
    expect(await range('absent(temp{room="x"})', 4)).toEqual(['{room="x"} _ _ 1 1 _'])
  })
})

describe('operators', () => {
  test('match series by their labels; the result has no name, a filter keeps it', async () => {
    expect(await instant('temp * 2', 1)).toEqual(['{room="x"} 4', '{room="y"} 6'])
    expect(await instant('temp > 2', 1)).toEqual(['temp{room="y"} 3'])
    expect(await instant('2 < temp', 1)).toEqual(['temp{room="y"} 3'])
    expect(await instant('temp > bool 2', 1)).toEqual(['{room="x"} 0', '{room="y"} 1'])
    expect(await instant('temp + temp', 1)).toEqual(['{room="x"} 4', '{room="y"} 6'])
    expect(await range('temp / temp', 4)).toEqual(['{room="x"} 1 1 _ _ 1', '{room="y"} 1 1 1 1 NaN'])
  })

  test('group_left lets many match one and copies labels', async () => {
    load('owner', { room: 'x', who: 'ann' }, [1, 1])
    load('owner', { room: 'y', who: 'bob' }, [1, 1])
    expect(await instant('temp * on (room) group_left (who) owner', 1)).toEqual([
      '{room="x", who="ann"} 2',
      '{room="y", who="bob"} 3',
    ])
    expect(await instant('owner * on (room) group_right () temp', 1)).toEqual(['{room="x"} 2', '{room="y"} 3'])
  })

  test('refuse what has no single answer', async () => {
    await expect(ask('temp + on () temp', 1)).rejects.toThrow(
      'found duplicate series for the match group {} on the right hand-side of the operation: ' +
        '[{__name__="temp", room="x"}, {__name__="temp", room="y"}];many-to-many matching not allowed',
    )
    await expect(ask('temp + on () sum(temp)', 1)).rejects.toThrow('many-to-one matching must be explicit')
    await expect(ask('label_replace(temp, "room", "z", "", "")', 1)).rejects.toThrow('the same labelset')
  })

  test('sets', async () => {
    expect(await instant('temp and temp{room="x"}', 1)).toEqual(['temp{room="x"} 2'])
    expect(await instant('temp unless temp{room="x"}', 1)).toEqual(['temp{room="y"} 3'])
    expect(await range('temp{room="x"} or on () temp{room="y"}', 4)).toEqual([
      'temp{room="x"} 1 2 _ _ 5',
      'temp{room="y"} _ _ 2 1 _',
    ])
  })
})

describe('aggregations', () => {
  test.each([
    ['sum(temp)', ['5']],
    ['avg by (room) (temp)', ['{room="x"} 2', '{room="y"} 3']],
    ['count without (room) (temp)', ['2']],
    ['stddev(temp)', ['0.5']],
    ['quantile(0.25, temp)', ['2.25']],
    ['topk(1, temp)', ['temp{room="y"} 3']],
    ['bottomk(5, temp)', ['temp{room="x"} 2', 'temp{room="y"} 3']],
    ['count_values("v", temp)', ['{v="2"} 1', '{v="3"} 1']],
    ['group(temp) by (room)', ['{room="x"} 1', '{room="y"} 1']],
  ])('%s', async (query, expected) => {
    expect(await instant(query, 1)).toEqual(expected)
  })

  test('topk picks anew at every step', async () => {
    expect(await range('topk(1, temp)', 4)).toEqual(['temp{room="x"} _ _ _ _ 5', 'temp{room="y"} 4 3 2 1 _'])
  })
})

test('histogram_quantile interpolates, and says when buckets are not to be trusted', async () => {
  for (const [le, count] of Object.entries({ '0.1': 1, '0.5': 8, '+Inf': 10 })) load('d_bucket', { le }, [count])
  expect(await instant('histogram_quantile(0.5, d_bucket)', 0)).toEqual([`${0.1 + 0.4 * (4 / 7)}`])
  expect(await instant('histogram_fraction(0, 0.5, d_bucket)', 0)).toEqual(['0.8'])
  load('e_bucket', { le: '1' }, [5])
  load('e_bucket', { le: '2' }, [4])
  load('e_bucket', { le: '+Inf' }, [5])
  expect((await ask('histogram_quantile(0.5, e_bucket)', 0)).infos).toEqual([
    'PromQL info: input to histogram_quantile needed to be fixed for monotonicity ' +
      '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), ' +
      'from buckets 2 to 2, with a max diff of 1, over 1 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z (1:25)',
  ])
})

test('annotations say what is odd and where', async () => {
  expect((await ask('rate(temp[5m])', 4)).infos).toEqual([
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "temp" (1:6)',
  ])
  expect((await ask('quantile(2, temp)', 4)).warnings).toEqual([
    'PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)',
  ])
})

test('a name that functions take away may be taken away at the end', async () => {
  const query = 'sum by (__name__) (abs(temp))'
  expect(await instant(query, 1)).toEqual(['5'])
  expect(await instant('{__name__=~"temp|jobs_total", room="x"} * 1', 1)).toEqual(['{room="x"} 2'])
  expect(
    await instant('label_replace(abs(temp), "n", "$1", "__name__", "(.*)")', 1, { delayedNameRemoval: true }),
  ).toEqual(['{n="temp", room="x"} 2', '{n="temp", room="y"} 3'])
})

describe('limits', () => {
  test('samples in memory', async () => {
    await expect(
      engine({ maxSamples: 3 }).range('temp', { start: 0, end: 4 * MINUTE, step: MINUTE }, options()),
    ).rejects.toThrow('query processing would load too many samples into memory in query execution')
    await expect(ask('count_over_time(vector(1)[10y:1ms])')).rejects.toThrow('too many samples')
  })

  test('time', async () => {
    const impatient = new Engine({ source, now: () => (now += 50) })
    await expect(
      impatient.instant('sum(rate(jobs_total[5m]))', 6 * MINUTE, { lookbackMs: 1, deadline: now + 1 }),
    ).rejects.toThrow('query timed out in expression evaluation')
  })

  test('what reads native histograms is refused by name', async () => {
    await expect(ask('histogram_count(temp)')).rejects.toThrow('histogram_count() reads native histograms')
  })

  test('a range query takes no range vector', async () => {
    await expect(engine().range('temp[5m]', { start: 0, end: 1, step: 1 }, options())).rejects.toThrow(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    )
  })
})

const ARGUMENTS = { vector: 'm', matrix: 'm[5m]', scalar: '0.5', string: '"a"' }
const EVERY = [...SIGNATURES].flatMap(([name, { args, experimental }]) => (experimental ? [] : [{ name, args }]))

test.each(EVERY)(
  '$name is carried out, where a signature says that there is such a function',
  async ({ name, args }) => {
    load('m', { a: 'x', le: '1' }, [1, 2, 3, 4, 5, 6])
    const text = args.map((type) => ARGUMENTS[type as keyof typeof ARGUMENTS]).join(', ')
    const asked = instant(`${name}(${text})`, 5)
    if (/^histogram_(avg|count|sum|std)/.test(name)) return expect(asked).rejects.toThrow('reads native histograms')
    return expect(asked).resolves.toBeInstanceOf(Array)
  },
)
