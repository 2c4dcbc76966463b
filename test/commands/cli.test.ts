import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
})
afterAll(() => lab.close())

test('--version and --help answer by the manifest', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'))
  expect((await lab.run(['--version'])).stdout).toContain(`otel-lab/${version} `)
  const help = await lab.run(['up', '--help'])
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('EXAMPLES') })
})

test('without a lab: what, and the next command; as JSON for scripts', async () => {
  const plain = await lab.run(['status'])
  expect(plain).toMatchObject({ code: 4, stdout: '' })
  expect(plain.stderr).toBe(`✗ there is no lab in ${lab.dir} or above it\n  → otel-lab up\n`)
  const json = await lab.run(['status', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'no-lab', hint: 'otel-lab up', exit: 4 } })
  expect(json.code).toBe(4)
})

test('a wrong command line ends with 2 and says where to read on', async () => {
  expect(await lab.run(['status', '--wrong'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Nonexistent flag: --wrong\n.*otel-lab status --help/),
  })
  expect(await lab.run(['staus'])).toMatchObject({ code: 2, stderr: expect.stringContaining('otel-lab status') })
  expect(await lab.run(['run', 'fast'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('otel-lab run -- fast'),
  })
})

test('colours only where they are wanted', async () => {
  expect((await lab.run(['status'], { env: { FORCE_COLOR: '1', NO_COLOR: '' } })).stderr).toContain('\u001b[31m')
  expect((await lab.run(['status'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr).not.toContain('\u001b[')
})

test('a lab from up to down: status, run, doctor, Ctrl-C', { timeout: 90_000 }, async () => {
  const up = await lab.run(['up', '--port-offset', String(lab.offset)])
  expect(up.stderr).toBe('')
  expect(up).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/A new lab in .*\n[\s\S]*tempo +ready[\s\S]*→ otel-lab run/),
  })

  // doctor waits for the next scrape.
  const scrapes = join(lab.dir, 'configs', 'prometheus.yml')
  await writeFile(scrapes, (await readFile(scrapes, 'utf8')).replace('scrape_interval: 15s', 'scrape_interval: 1s'))
  expect((await lab.run(['restart', 'prometheus'])).code).toBe(0)

  const below = await lab.run(['status', '--json'], { cwd: join(lab.dir, 'data') })
  expect(JSON.parse(below.stdout)).toMatchObject({ root: lab.dir, running: true })

  await writeFile(join(lab.dir, 'app.mjs'), 'console.log(process.env.OTEL_RESOURCE_ATTRIBUTES); process.exitCode = 7')
  const run = await lab.run(['run', '--json', '--run-id', 'r-mine', '--', process.execPath, 'app.mjs'])
  expect(run.code).toBe(7)
  expect(JSON.parse(run.stdout)).toMatchObject({
    runId: 'r-mine',
    exitCode: 7,
    output: [{ stream: 'stdout', text: 'otel_lab.run.id=r-mine,service.instance.id=r-mine' }],
  })

  const doctor = await lab.run(['doctor', '--json'])
  expect(JSON.parse(doctor.stdout)).toMatchObject({ healthy: true })
  expect(doctor.code).toBe(0)

  const abort = new AbortController()
  setTimeout(() => abort.abort(), 3_000)
  expect((await lab.run(['logs', '-f'], { signal: abort.signal })).code).toBe(130)

  expect(await lab.run(['down'])).toMatchObject({ code: 0, stdout: 'The lab is down.\n' })
  expect((await lab.run(['status'])).code).toBe(4)
  expect(await lab.run(['run'])).toMatchObject({ code: 4, stderr: expect.stringContaining('→ otel-lab up') })
})
