import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab

beforeAll(async () => {
  lab = await testLab()
  expect((await lab.run(['up', '--engine', 'embedded', '--port-offset', String(lab.offset)])).code).toBe(0)
}, 60_000)

afterAll(() => lab.close())

it('of two patches at once, by two processes on a running lab, none is lost in fifty rounds', async () => {
  const path = join(lab.dir, 'configs/otel-collector-config.yaml')
  for (let round = 2; round <= 51; round++) {
    const done = await Promise.all([
      lab.run(['config', 'patch', '--set', `processors.batch.timeout=${round}s`]),
      lab.run(['config', 'patch', '--set', `processors.batch.send_batch_size=${round}`]),
    ])
    expect(done.map(({ code }) => code)).toEqual([0, 0])
    expect(await readFile(path, 'utf8')).toContain(`    timeout: ${round}s\n    send_batch_size: ${round}\n`)
  }
}, 240_000)
