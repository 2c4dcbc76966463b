import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
const RUN = 'r-query-test'

beforeAll(async () => {
  lab = await testLab()
  expect(await lab.run(['up', '--port-offset', String(lab.offset), '--engine', 'embedded'])).toMatchObject({ code: 0 })
  expect((await lab.run(['run', 'stress', '--run-id', RUN])).code).toBe(1)
  await vi.waitFor(
    async () => {
      const { stdout } = await lab.run(['query', 'tempo', `{resource.otel_lab.run.id="${RUN}"}`, '--json'])
      expect(JSON.parse(stdout).traces).toHaveLength(6)
    },
    { timeout: 30_000, interval: 500 },
  )
}, 120_000)
afterAll(() => lab.close())

test('Tempo: traces as a table, selected attributes, metrics, and a caret under a fault', async () => {
  const found = await lab.run([
    'query',
    'tempo',
    `{resource.otel_lab.run.id="${RUN}" && status=error} | select(span.error.type)`,
  ])
  expect(found.code).toBe(0)
  expect(found.stdout).toMatch(
    /TRACE +START +SERVICE +ROOT +TOOK +SPANS\n[0-9a-f]{32} .*neuro-preprocess +process_file .* failed\n +[0-9a-f]{16} .*error\.type=/,
  )
  expect(found.stdout).toMatch(/→ otel-lab trace [0-9a-f]{32}/)
  const metrics = await lab.run(['query', 'tempo', '{} | count_over_time() by (name)', '--since', '5m'])
  expect(metrics.stdout).toMatch(/\{name="load_file"\} +\d+ /)
  const wrong = await lab.run(['query', 'tempo', '{ status = eror }'])
  expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('\n             ^^^^\n') })
})

test('nothing found is said, with why and exit code 1', async () => {
  const none = await lab.run(['query', 'tempo', '{name="nobody"}'])
  expect(none).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^No trace matches in 1\.00 h|^No trace matches in 60 min/),
  })
  expect(none.stdout).toContain('Tempo has 6 others then')
  const early = await lab.run(['query', 'tempo', `{resource.otel_lab.run.id="${RUN}"}`, '--start', '3h', '--end', '2h'])
  expect(early).toMatchObject({ code: 1, stdout: expect.stringContaining('There is a match after the window') })
  const misspelt = await lab.run(['query', 'prometheus', 'up_and_away'])
  expect(misspelt).toMatchObject({ code: 1, stdout: expect.stringContaining('No metric is called up_and_away') })
  const service = await lab.run(['query', 'loki', '{service_name="nobody"}'])
  expect(service).toMatchObject({ code: 1, stdout: expect.stringContaining('neuro-preprocess') })
})

test('Prometheus: a value, a course, the answer as it is', async () => {
  await vi.waitFor(async () => expect((await lab.run(['query', 'prometheus', 'up'])).code).toBe(0), { timeout: 20_000 })
  const now = await lab.run(['query', 'prometheus', 'up'])
  expect(now.stdout).toMatch(/SERIES +VALUE/)
  const course = await lab.run(['query', 'prometheus', 'up', '--since', '5m'])
  expect(course.stdout).toMatch(/SERIES +POINTS +MIN +MAX +LAST/)
  const exemplars = await lab.run(['query', 'prometheus', 'neuro_files_failed_total', '--exemplars'])
  expect(exemplars.stdout).toMatch(/TIME +VALUE +TRACE +SERIES[\s\S]+[0-9a-f]{32}[\s\S]+→ otel-lab trace [0-9a-f]{32}/)
  const none = await lab.run(['query', 'prometheus', 'up', '--exemplars'])
  expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('No exemplar') })
  const { stdout } = await lab.run(['query', 'prometheus', '1 + 1', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'success',
    data: { resultType: 'scalar', result: [expect.any(Number), '2'] },
  })
  const wrong = await lab.run(['query', 'prometheus', 'sum(up', '--json'])
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'query', position: 6 } })
})

test('Loki: lines in order, with their level and their streams', async () => {
  const found = await lab.run(['query', 'loki', `{service_instance_id="${RUN}"}`])
  expect(found.code).toBe(0)
  expect(found.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}\{.*Processing started/)
  expect(found.stdout).toMatch(/\.\d{3} ERROR \{.*Processing failed/)
  expect(found.stdout).toMatch(/\d+ lines of \{.*service_name="neuro-preprocess"/)
  const few = await lab.run(['query', 'loki', `{service_instance_id="${RUN}"}`, '--limit', '2'])
  expect(few.stdout).toContain('these are the newest 2')
})

test('a trace: waterfall, where it failed and why, its logs; by any spelling of its id', async () => {
  const all = await lab.run(['trace', '--run', RUN, '--json'])
  expect(all).toMatchObject({ code: 0, stderr: '' })
  const { traces } = JSON.parse(all.stdout)
  expect(traces).toHaveLength(6)
  const failed = traces.find((trace: { spans: { error?: string }[] }) => trace.spans.some(({ error }) => error))
  const shown = await lab.run(['trace', `00-${failed.traceId.toUpperCase()}-00f067aa0ba902b7-01`])
  expect(shown.stdout).toContain(`Trace ${failed.traceId}`)
  expect(shown.stdout).toMatch(/process_file +█/)
  expect(shown.stdout).toMatch(/✗ \w+ failed \([\w-]+\): .{10,}/)
  expect(shown.stdout).toMatch(/Logs\n +\+.* INFO +process_file +Processing started/)
  const latest = await lab.run(['trace', 'latest', '-a'])
  expect(latest.stdout).toContain('neuro.')
  const cut = await lab.run(['trace', failed.traceId.slice(0, 10)])
  expect(cut.stdout).toContain(failed.traceId)
})

test('a trace that is not there, and an id that is none', async () => {
  expect(await lab.run(['trace', 'f'.repeat(32), '--wait', '300ms'])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("otel-lab query tempo '{}'"),
  })
  expect((await lab.run(['trace', 'zebra'])).code).toBe(2)
  expect((await lab.run(['trace'])).code).toBe(2)
})

test('a bad window is a wrong command line', async () => {
  for (const flags of [
    ['--since', 'soon'],
    ['--since', '5m', '--start', '1h'],
    ['--start', '1h', '--end', '2h'],
  ]) {
    expect((await lab.run(['query', 'tempo', '{}', ...flags])).code).toBe(2)
  }
})

test('where nothing of the last run has come, latest says so', async () => {
  expect((await lab.run(['run', '--run-id', 'r-the-newest', '--', process.execPath, '-e', '0'])).code).toBe(0)
  const older = await lab.run(['trace', 'latest', '--wait', '0'])
  expect(older.stdout).toMatch(
    /^Nothing of the last run, r-the-newest, is here yet; this is an older one\.[\s\S]*r-query-test/,
  )
})
