import { expect, test } from 'vitest'
import { inOrder } from '../../src/journey/in-order.ts'

test('what is told late of an earlier moment stands before it, if it comes within the hold', () => {
  const told: number[] = []
  const order = inOrder<{ at: number }>(({ at }) => told.push(at), 100)
  order.push({ at: 50 })
  order.push({ at: 20 })
  order.release(110)
  expect(told).toEqual([])
  order.release(130)
  expect(told).toEqual([20])
  order.push({ at: 40 })
  order.release(160)
  expect(told).toEqual([20, 40, 50])
  order.push({ at: 10 })
  order.push({ at: 5 })
  order.end()
  expect(told).toEqual([20, 40, 50, 5, 10])
})
