import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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

test('the tour: a scan, its trace, a practice that fails and then passes, latencies; the course is untouched', async () => {
  const config = join(lab.dir, 'configs/otel-collector-config.yaml')
  const before = await readFile(config, 'utf8')
  const { code, stdout } = await lab.run(['tour', '--port-offset', String(lab.offset)])
  expect(stdout).toMatch(/process_file +█/)
  expect(stdout).toMatch(
    /As the lab is:[\s\S]*✗ Every span[\s\S]*\n\+ .*attributes\/team[\s\S]*✓ Every span[\s\S]*is as it was before/,
  )
  expect(stdout).toMatch(/Trace by id[\s\S]*Log line[\s\S]*Metric/)
  expect(stdout).toMatch(/The lab is running in .*[\s\S]*otel-lab exercise 1/)
  expect(code).toBe(0)

  expect(await readFile(config, 'utf8')).toBe(before)
  expect((await lab.run(['config', 'diff', '--running'])).code).toBe(0)
  expect((await lab.run(['status'])).code).toBe(0)
  expect(await readdir(join(lab.dir, 'data/output'))).not.toEqual([])
  const states = async () =>
    JSON.parse((await lab.run(['exercise', '--json'])).stdout).exercises.map(({ state }: { state: string }) => state)
  expect(new Set(await states())).toEqual(new Set(['new']))
  // An honest pass counts as one.
  await lab.run(['config', 'patch', '--add-debug-exporter', '--yes'])
  expect((await lab.run(['exercise', '1', '--check'])).code).toBe(0)
  const { exercises } = JSON.parse((await lab.run(['exercise', '--json'])).stdout)
  expect(exercises[0]).toMatchObject({ state: 'passed', pass: { applied: false } })
})

test('its exercise is held to what any other is', async () => {
  expect(await lab.run(['course', 'lint', resolve('tour')])).toMatchObject({ code: 0 })
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
