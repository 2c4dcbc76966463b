import { expect, test } from 'vitest'
import { buildDashboard } from './build.ts'
import { tryDashboard } from './try.ts'

test('each query of the dashboard shows what two runs really did', { timeout: 480_000 }, async () => {
  const tried = await tryDashboard(JSON.parse(JSON.stringify(buildDashboard())))
  expect(tried.filter(({ problem }) => problem !== undefined)).toEqual([])
})
