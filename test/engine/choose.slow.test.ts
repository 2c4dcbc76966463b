import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
let daemon: Server
let asked: string[]
let env: Record<string, string>
beforeEach(async () => {
  lab = await testLab()
  asked = []
  // A daemon that is there and has no image: what `up` asks of one before it decides.
  daemon = createServer((request, answer) => {
    asked.push(request.url!)
    if (request.url === '/_ping') return answer.end('OK')
    if (request.url!.startsWith('/containers/json')) return answer.end('[]')
    if (['/version', '/info'].includes(request.url!)) return answer.end('{}')
    answer.statusCode = 404
    answer.setHeader('content-type', 'application/json')
    answer.end('{"message": "No such image"}')
  })
  const socket = join(lab.dir, '..', `otel-lab-${lab.offset}.sock`)
  await new Promise<void>((done) => daemon.listen(socket, done))
  env = { DOCKER_HOST: `unix://${socket}` }
})
afterEach(async () => {
  daemon.closeAllConnections()
  daemon.close()
  await lab.close()
})

const up = async (args: string[], more: Record<string, string> = {}) => {
  const ran = await lab.run(['up', '--json', '--port-offset', String(lab.offset), ...args], {
    env: { ...env, ...more },
  })
  return { code: ran.code, answer: JSON.parse(ran.stdout) }
}

test('no daemon: embedded at once, with what the real stack would need; then it is remembered', async () => {
  const none = { DOCKER_HOST: `unix://${join(lab.dir, 'none.sock')}` }
  const first = await up([], none)
  expect(first).toMatchObject({ code: 0, answer: { engine: 'embedded' } })
  expect(first.answer.notes).toEqual([
    expect.stringMatching(/no Docker daemon answers.*about \d+ MB.*otel-lab up --engine docker/),
  ])
  const second = await up([])
  expect(second.answer).toMatchObject({ engine: 'embedded', notes: [] })
  expect(asked).toEqual([])
})

test('a daemon without the images: embedded, and how much there is to pull', async () => {
  const { code, answer } = await up([])
  expect({ code, engine: answer.engine }).toEqual({ code: 0, engine: 'embedded' })
  expect(answer.notes).toEqual([expect.stringMatching(/none of its images is there \(about \d+ MB to pull\)/)])
  expect(asked.filter((url) => url.startsWith('/images/'))).toHaveLength(5)
})

test('a named engine never falls back, and what failed is not remembered', async () => {
  const none = { DOCKER_HOST: `unix://${join(lab.dir, 'none.sock')}` }
  const named = await up(['--engine', 'docker'], none)
  expect(named).toMatchObject({ code: 4, answer: { error: { code: 'no-daemon' } } })
  const missing = await up(['--pull', 'never'])
  expect(missing).toMatchObject({ code: 4, answer: { error: { code: 'images-missing' } } })
  expect((await up([], none)).answer.engine).toBe('embedded')
})

test('an engine that cannot start stops no other', async () => {
  const none = { DOCKER_HOST: `unix://${join(lab.dir, 'none.sock')}` }
  expect((await up(['--engine', 'embedded'])).answer).toMatchObject({ engine: 'embedded', running: true })
  const { pid } = (await lab.process())!
  expect((await up(['--engine', 'docker'], none)).answer.error.code).toBe('no-daemon')
  expect((await up(['--engine', 'docker', '--pull', 'never'])).answer.error.code).toBe('images-missing')
  expect((await lab.process())?.pid).toBe(pid)
  expect(JSON.parse((await lab.run(['status', '--json'])).stdout)).toMatchObject({ engine: 'embedded', running: true })
})
