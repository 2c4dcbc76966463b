import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { askClass, openMembership } from '../../src/class/member.ts'
import { httpRequest } from '../../src/util/http.ts'
import { type TestLab, testLab } from '../support/lab.ts'

const LEARNERS = 100
const CHECKS = 6
let home: TestLab
let serving: ChildProcess | undefined

beforeEach(async () => {
  home = await testLab()
})
afterEach(async () => {
  serving?.kill('SIGKILL')
  await home.close()
})

/** What `class serve` prints, once both addresses stand in it. */
function serve(): Promise<string> {
  serving = spawn(process.execPath, [resolve('dist/otel-lab.js'), 'class', 'serve', '--port', '0'], {
    cwd: home.dir,
    env: { ...process.env, NO_COLOR: '1', OTEL_LAB_DIR: '', DOCKER_HOST: 'unix:///nowhere' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  return new Promise((done, fail) => {
    serving!.on('exit', (code) => fail(new Error(`class serve ended with ${code}: ${text}`)))
    serving!.stdout!.on('data', (chunk: Buffer) => {
      text += chunk
      if (/\/page\s/.test(text) && text.includes('Ctrl-C')) done(text)
    })
  })
}

it('loses nothing of a hundred learners when the lab is killed and comes back', async () => {
  expect((await home.run(['up', '--port-offset', String(home.offset)])).code).toBe(0)
  const shown = await serve()
  const of = await askClass(/class join (\S+)/.exec(shown)![1]!)
  const page = /http\S+\/page/.exec(shown)![0]
  const act = async (i: number, part: 'first' | 'second') => {
    const one = openMembership(join(home.dir, 'learners', String(i), 'class.json'))
    if (part === 'first') {
      await one.join(of, `learner ${i}`, new Date())
      await one.tell({ at: Date.now(), kind: 'joined', results: [], hints: 0, applied: false })
    }
    for (let n = 0; n < CHECKS / 2; n++) {
      const verdict = i % 10 === 0 || part === 'first' ? 'failed' : 'passed'
      const exercise = { course: 'otel-lab', number: 24, slug: '24-three-instruments', hints: 0, applied: false }
      await one.tell({ at: Date.now(), kind: 'checked', ...exercise, verdict, results: [`duration:${verdict}:value`] })
    }
  }
  const learners = Array.from({ length: LEARNERS }, (_, i) => i)
  await Promise.all(learners.map((i) => act(i, 'first')))
  process.kill((await home.process())!.pid, 'SIGKILL')
  await Promise.all(learners.map((i) => act(i, 'second')))

  // The class goes on without its lab.
  const roll = JSON.parse((await httpRequest(page.replace(/page$/, 'class.json'))).text) as {
    members: { stuckSince?: number; passed: number }[]
    wrong: { members: number; times: number }[]
  }
  expect(roll.members).toHaveLength(LEARNERS)
  expect(roll.members.filter(({ stuckSince }) => stuckSince !== undefined)).toHaveLength(LEARNERS / 10)
  expect(roll.wrong[0]).toMatchObject({ members: LEARNERS })
  expect((await httpRequest(page)).text).toContain(`${LEARNERS} learners, ${LEARNERS / 10} stuck`)

  expect((await home.run(['up'])).code).toBe(0)
  const total = LEARNERS * (1 + CHECKS)
  const query = 'count(count by (class_event_id) (count_over_time({service_name="otel-lab-class"}[1h])))'
  for (;;) {
    const { stdout } = await home.run(['query', 'loki', query, '--instant', '--json'])
    const { data } = JSON.parse(stdout) as { data: { result: { value: [number, string] }[] } }
    if (Number(data.result[0]?.value[1]) === total) break
    await sleep(500)
  }
}, 600_000)
