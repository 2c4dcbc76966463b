import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { apply, check } from '../../src/commands/exercise/service.ts'
import { type Exercise, fill, learnerValues, loadCourse } from '../../src/exercises.ts'
import { type RunningLab, runningLab } from '../support/exercise-lab.ts'

// Real runs on whatever machine this is.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const root = 'test/exercises/own-course'
let running: RunningLab
let exercise: Exercise
let city: string
beforeAll(async () => {
  running = await runningLab()
  const course = await loadCourse(root)
  expect(course.broken).toEqual([])
  exercise = course.exercises[0]!
  city = (await learnerValues(exercise, running.progress)).city!
})
afterAll(() => running?.close())

const put = async (path: string, text: string) => {
  await rm(join(running.workspace.root, 'app'), { recursive: true, force: true })
  await mkdir(join(running.workspace.root, dirname(path)), { recursive: true })
  await writeFile(join(running.workspace.root, path), text)
}
const judge = () => check({ lab: running.lab, exercise, progress: running.progress, given: {} })
const solution = () => apply({ ...running, exercise })

test('as shipped it fails, and says that there is no program yet', async () => {
  const { report } = await judge()
  expect(report.verdict).not.toBe('passed')
  expect(report.results[0]).toMatchObject({ id: 'ends', case: 'exit', seen: expect.stringContaining('app/main') })
})

test('its solution passes, with the value that this learner was given', async () => {
  await solution()
  const { report } = await judge()
  expect(report).toMatchObject({ verdict: 'passed', origin: 'proven' })
  expect(report.results.map(({ id }) => id)).toEqual(['ends', 'span', 'tree'])
  // The same for as long as it is not passed over: another learner may have another.
  expect((await learnerValues(exercise, running.progress)).city).toBe(city)
})

test('each wrong answer gets its message and no other check is blamed in its place', async () => {
  for (const { name, file, gets, says } of exercise.wrong) {
    await solution()
    await writeFile(join(running.workspace.root, file!.path), fill(file!.content, { city }))
    const { report } = await judge()
    const [id, name_] = gets.split('/')
    const result = report.results.find((one) => one.id === id)!
    expect(result, name).toMatchObject({ verdict: 'failed', case: name_ })
    for (const words of says) expect(JSON.stringify(result.seen).replaceAll('\\n', '\n'), name).toContain(words)
  }
})

test('the same in Python, without an SDK', async () => {
  await put(
    'app/main.py',
    `import json, os, time, urllib.request, secrets
def attr(k, v): return {"key": k, "value": {"stringValue": v}}
res = [attr(*p.split("=")) for p in os.environ["OTEL_RESOURCE_ATTRIBUTES"].split(",")]
t, s, now = secrets.token_hex(16), secrets.token_hex(8), time.time_ns()
def span(n, k, sid, **more):
    return {"traceId": t, "spanId": sid, "name": n, "kind": k, "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 5), **more}
spans = [span("greet", 2, s, attributes=[attr("city", "${city}")]), span("lookup", 3, secrets.token_hex(8), parentSpanId=s)]
body = {"resourceSpans": [{"resource": {"attributes": res}, "scopeSpans": [{"spans": spans}]}]}
urllib.request.urlopen(urllib.request.Request(os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces",
    json.dumps(body).encode(), {"content-type": "application/json"}))
`,
  )
  const { report } = await judge()
  expect(report).toMatchObject({ verdict: 'passed', origin: 'proven' })
})
