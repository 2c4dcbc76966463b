import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findWorkspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'

vi.setConfig({ testTimeout: 180_000 })

let lab: TestLab
beforeEach(async () => {
  lab = await testLab()
  // Its own lab, in which Prometheus does not let us wait.
  const workspace = await findWorkspace({ cwd: lab.dir, create: true, env: {} })
  const path = workspace.configPath('prometheus.yml')
  await writeFile(path, (await readFile(path, 'utf8')).replace('15s', '1s').replace('10s', '1s'))
})
afterEach(() => lab.close())

test('the tour: a scan, its trace, three exercises passed, latencies, and the lab still running', async () => {
  const { code, stdout } = await lab.run(['tour', '--port-offset', String(lab.offset)])
  expect(stdout).toMatch(/process_file +█/)
  expect(stdout).toContain('As shipped:\n')
  for (const title of ['1: Watch spans', '2: Measure', '3: Follow']) expect(stdout).toContain(`Exercise ${title}`)
  expect(stdout).toMatch(/Trace by id[\s\S]*Log line[\s\S]*Metric/)
  expect(stdout).toMatch(/The lab is running in .*[\s\S]*otel-lab quiz/)
  expect(code).toBe(0)
  expect((await lab.run(['status'])).code).toBe(0)
  expect(await readdir(join(lab.dir, 'data/output'))).not.toEqual([])
  const { exercises } = JSON.parse((await lab.run(['exercise', '--json'])).stdout)
  expect(exercises.map(({ state }: { state: string }) => state)).toEqual(['passed', 'passed', 'passed'])
  expect((await lab.run(['exercise', '2', '--check'])).code).toBe(0)
})

test('a lab of another folder holds the ports: which one, and how to go on', async () => {
  const other = await testLab()
  try {
    expect((await other.run(['up', '--port-offset', String(lab.offset)])).code).toBe(0)
    expect(await lab.run(['tour', '--port-offset', String(lab.offset)])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        new RegExp(
          `the lab in ${other.dir}[\\s\\S]*otel-lab tour --port-offset ${lab.offset + 1000}[\\s\\S]*OTEL_LAB_DIR=${other.dir} otel-lab down`,
        ),
      ),
    })
  } finally {
    await other.close()
  }
})
