import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openJudging } from '../../src/exercises/judging.ts'

test('a check that is under way is told result by result, until its verdict or its end', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'judging-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'judging.json')
  const judging = openJudging(path)
  expect(await judging.read()).toBeUndefined()
  const now = await judging.begin('01-watch', 'run-1')
  now.add({ id: 'seen', verdict: 'passed', seen: '8 spans' })
  now.add({ id: 'kept', verdict: 'slow', seen: 'none yet' })
  await expect.poll(async () => (await judging.read())?.results.map(({ id }) => id)).toEqual(['seen', 'kept'])
  expect(await judging.read()).toMatchObject({ key: '01-watch', runId: 'run-1' })

  // Whoever was at it was killed: nothing is under way.
  const { by, ...rest } = JSON.parse(await readFile(path, 'utf8')) as { by: { pid: number } }
  expect(by.pid).toBe(process.pid)
  const { pid } = spawnSync(process.execPath, ['--version'])
  await writeFile(path, JSON.stringify({ ...rest, by: { pid } }))
  expect(await judging.read()).toBeUndefined()

  await now.end()
  await expect(readFile(path)).rejects.toThrow()
  expect(await judging.read()).toBeUndefined()
})
