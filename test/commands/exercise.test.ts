import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
})
afterAll(() => lab.close())

const json = async (...args: string[]) => {
  const ran = await lab.run([...args, '--json'])
  return { code: ran.code, ...JSON.parse(ran.stdout) }
}

test('without a lab: the list and the text can be read, a check says what to do', async () => {
  const list = await json('exercise')
  expect(list.code).toBe(0)
  const listed = list.exercises as { number: number; state: string }[]
  expect(listed.slice(0, 3).map(({ number }) => number)).toEqual([1, 2, 3])
  expect(new Set(listed.map(({ state }) => state))).toEqual(new Set(['new']))
  expect(await lab.run(['exercise', '2'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('→ otel-lab exercise 2 --check'),
  })
  expect(await lab.run(['exercise', '1', '--hint'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('exporter'),
  })
  expect(await lab.run(['exercise', '1', '--check'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('→ otel-lab up'),
  })
})

test('a wrong command line ends with 2', async () => {
  expect(await lab.run(['exercise', '7'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('otel-lab exercise 1'),
  })
  expect(await lab.run(['exercise', '--check'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('say which exercise'),
  })
  expect(await lab.run(['exercise', '2', '--answer', 'when=now'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--answer app=... --answer appeared=... --answer delay=...'),
  })
  expect((await lab.run(['exercise', '1', '--check', '--hint'])).code).toBe(2)
})

test('the way of a learner: fail, hint, patch, pass, solution, reset', async () => {
  expect((await lab.run(['up', '--port-offset', String(lab.offset)])).code).toBe(0)
  const config = join(lab.dir, 'configs/otel-collector-config.yaml')
  const shipped = await readFile(config, 'utf8')

  const failed = await lab.run(['exercise', '1', '--check'])
  expect(failed.code).toBe(1)
  for (const part of ['expected', 'seen', 'why', '→ ', 'by hand', 'otel-lab config patch --add-debug-exporter'])
    expect(failed.stdout).toContain(part)

  // The lesson to the letter.
  await writeFile(
    config,
    shipped
      .replace('\nexporters:\n', '\nexporters:\n  logging:\n    loglevel: debug\n')
      .replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, logging]'),
  )
  expect((await lab.run(['restart', 'otel-collector'])).code).toBe(1)
  const lesson = await json('exercise', '1', '--check')
  expect(lesson).toMatchObject({ code: 1, verdict: 'failed' })
  expect(lesson.results[0]).toMatchObject({ case: 'logging', next: expect.stringContaining('debug') })
  expect((await json('exercise', '1', '--hint')).hint).toContain('debug')
  expect((await json('exercise', '1', '--hint')).hint).not.toContain('config migrate')

  expect((await lab.run(['config', 'migrate', '--yes'])).code).toBe(0)
  const passed = await json('exercise', '1', '--check')
  expect(passed).toMatchObject({ code: 0, verdict: 'passed' })
  expect((await json('exercise')).exercises[0]).toMatchObject({ state: 'passed', passedRun: passed.runId })
  expect((await json('exercise', '1', '--solution')).shown).toBe(true)
  expect((await json('exercise', '2', '--solution')).shown).toBe(false)
  expect((await json('exercise', '2', '--solution')).shown).toBe(true)

  await writeFile(config, shipped)
  expect((await lab.run(['exercise', '1', '--reset'])).code).toBe(0)
  expect((await json('exercise')).exercises[0]).toMatchObject({ state: 'new', checks: 0 })
})

test('answers by hand, over two commands', async () => {
  const asked = await json('exercise', '2', '--check')
  expect(asked).toMatchObject({ code: 1, openAnswers: ['app', 'appeared', 'delay'] })
  const { runId, startedAt, endedAt, sightings } = asked.attempt
  const seen = sightings.find(({ way }: { way: string }) => way === 'by-search').at
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)}s`
  const part = await json('exercise', '2', '--answer', `app=${seconds(endedAt - startedAt)}`)
  expect(part).toMatchObject({ code: 1, runId, openAnswers: ['appeared', 'delay'] })
  const all = await json(
    'exercise',
    '2',
    '--answer',
    `appeared=${seconds(seen - startedAt)}`,
    '--answer',
    `delay=${Math.round(seen - endedAt)}ms`,
  )
  expect(all).toMatchObject({ code: 0, runId, verdict: 'passed' })
})
