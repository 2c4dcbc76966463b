import { expect, test } from 'vitest'
import { heatOf, shownBounds } from '../../src/page/metric/heat.ts'

const bucket = (le: string, values: number[], labels = {}) => ({
  labels: { __name__: 'd_bucket', le, ...labels },
  times: values.map((_, i) => (i + 1) * 10),
  values,
})

test('a heat map counts what came in each step and bucket, from zero where a series begins', () => {
  const { cells, bounds, most } = heatOf(
    [bucket('1', [2, 2, 3]), bucket('5', [2, 6, 7]), bucket('+Inf', [3, 7, 8])],
    10,
  )
  expect(cells).toEqual([
    { from: 0, to: 10, low: 0, high: 1, count: 2 },
    { from: 20, to: 30, low: 0, high: 1, count: 1 },
    { from: 10, to: 20, low: 1, high: 5, count: 4 },
    { from: 0, to: 10, low: 5, high: Number.POSITIVE_INFINITY, count: 1 },
  ])
  expect([bounds, most]).toEqual([[1, 5], 4])
})

test('a reset counts what came after it; several series add up', () => {
  const one = [bucket('1', [5, 2], { job: 'a' }), bucket('+Inf', [5, 2], { job: 'a' })]
  const other = [bucket('1', [0, 1], { job: 'b' }), bucket('+Inf', [0, 1], { job: 'b' })]
  expect(heatOf([...one, ...other], 10).cells.map(({ to, count }) => [to, count])).toEqual([
    [10, 5],
    [20, 3],
  ])
})

test('a sample that is no number counts nothing and resets nothing', () => {
  const odd = { ...bucket('1', []), times: [10, 20, 30], values: [2, null, 3] }
  expect(heatOf([odd], 10).cells.map(({ to, count }) => [to, count])).toEqual([
    [10, 2],
    [30, 1],
  ])
})

test('the axis reaches around what was observed, exemplars too, and never to zero', () => {
  const heat = heatOf([bucket('0.1', [0]), bucket('1', [3]), bucket('10', [3]), bucket('+Inf', [3])], 10)
  expect(shownBounds(heat, [])).toEqual({ low: 0.05, high: 1 })
  expect(shownBounds(heat, [0.01, 4])).toEqual({ low: 0.006, high: 10 })
  // The SDKs' own bounds begin with 0, which no logarithm knows.
  const usual = heatOf([bucket('0', [1]), bucket('5', [3]), bucket('10', [3]), bucket('+Inf', [3])], 10)
  expect(usual.cells.map(({ low, high, count }) => [low, high, count])).toEqual([
    [0, 0, 1],
    [0, 5, 2],
  ])
  expect(shownBounds(usual, [])).toEqual({ low: 2.5, high: 5 })
  expect(shownBounds(heatOf([bucket('0', [1]), bucket('+Inf', [1])], 10), [])).toBeUndefined()
})
