import { expect, test } from 'vitest'
import { createPullView } from '../../src/ui/pull.ts'

const MIB = 1 << 20

test('how much of how much, how fast, and how long yet', () => {
  let now = 0
  const view = createPullView(() => now)
  const image = 'grafana/tempo:3.0.3'
  const at = (layer: string, status: string, current?: number, total?: number) =>
    view.all({ image, layer, status, about: 60 * MIB, ...(total && { current: current!, total }) })[0]
  expect(at('a', 'Downloading', 0, 40 * MIB)).toBe(`${image}, 0 of 1 layers, 0 B of about 60.0 MiB`)
  now = 1_000
  expect(at('a', 'Downloading', 10 * MIB, 40 * MIB)).toBe(
    `${image}, 0 of 1 layers, 10.0 MiB of about 60.0 MiB, 10.0 MiB/s, 5.00 s left`,
  )
  now = 3_000
  at('b', 'Downloading', 10 * MIB, 50 * MIB)
  // Two layers know more than the estimate.
  expect(at('a', 'Pull complete')).toBe(`${image}, 1 of 2 layers, 50.0 MiB of 90.0 MiB, 16.7 MiB/s, 2.40 s left`)
  // For a while nothing comes: the speed is that of now, not of the whole.
  now = 30_000
  at('b', 'Downloading', 10 * MIB, 50 * MIB)
  now = 31_000
  expect(at('b', 'Downloading', 10 * MIB, 50 * MIB)).toBe(`${image}, 1 of 2 layers, 50.0 MiB of 90.0 MiB`)
  expect(at('b', 'Download complete')).toContain('90.0 MiB of 90.0 MiB')
})

test('for output that does not change in place, a line when a layer is through', () => {
  const view = createPullView(() => 0)
  const step = { image: 'x:1', layer: 'a' }
  expect(view.finished({ ...step, status: 'Downloading', current: 1, total: MIB })).toBeUndefined()
  expect(view.finished({ ...step, status: 'Pull complete' })).toBe(
    'x:1: layer a: Pull complete, 1.00 MiB, 1.00 MiB of 1.00 MiB',
  )
  expect(view.finished({ image: 'x:1', status: 'Status: Downloaded newer image for x:1' })).toBe(
    'x:1: Downloaded newer image for x:1',
  )
})
