import { expect, test } from 'vitest'
import { plotOf, type Scale } from '../../src/page/metric/plot.ts'
import { scaleOf } from '../../src/page/metric/scale.ts'

const size = { width: 1000, height: 210 }
const range = { start: 0, end: 9000 }
const plot = (scale: Partial<Scale>) =>
  plotOf(size, 100, range, { low: 0, high: 10, logarithmic: false, base: 10, ...scale })

test('moments and values have their place, and back', () => {
  const { box, x, y, timeAt } = plot({})
  expect([x(0), x(4500), x(9000)]).toEqual([100, 550, 1000])
  expect(timeAt(550)).toBe(4500)
  expect([y(0), y(10)]).toEqual([box.top + box.height, box.top])
})

test('labels are round, in the unit, and none touches another', () => {
  expect(plot({}).splits).toEqual([0, 2, 4, 6, 8, 10])
  expect(plot({ high: 0.3 }).splits).toEqual([0, 0.1, 0.2, 0.3])
  expect(plot({ low: -3, high: 3 }).splits).toContain(0)
  expect(plot({ high: 4096, base: 2 }).splits).toEqual([0, 1024, 2048, 3072, 4096])
  const many = plot({ low: 0.01, high: 10, logarithmic: true, splits: [0.01, 0.0101, 0.1, 1, 9.9, 10] })
  expect(many.splits).toEqual([0.01, 0.1, 1, 9.9])
  expect(plot({ low: 0, high: 0 }).splits).toEqual([0])
})

test('a scale begins at zero, goes below it where values do, and leaves out what is no number', () => {
  const series = [{ labels: {}, times: [0, 1, 2], values: [5, Number.NaN, Number.POSITIVE_INFINITY] }]
  const nothing = { heat: undefined, exemplars: [], onAxis: false, unit: '' as const }
  expect(scaleOf({ ...nothing, series })).toMatchObject({ low: 0, high: 5 * 1.22 })
  expect(scaleOf({ ...nothing, series: [{ labels: {}, times: [0], values: [-2] }] }).low).toBe(-2)
  expect(scaleOf({ ...nothing, series: [] })).toMatchObject({ low: 0, high: 1.22 })
  const dot = { labels: {}, value: 20, time: 0 }
  expect(scaleOf({ ...nothing, series, exemplars: [dot as never], onAxis: true }).high).toBeCloseTo(24.4)
})
