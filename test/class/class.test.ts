import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { askClass, openMembership } from '../../src/class/member.ts'
import type { ClassServer } from '../../src/class/server.ts'
import { classCsv, classPage, classResults, openJournal, readJournal, rollOf, serveClass } from '../../src/class.ts'
import { httpRequest } from '../../src/util/http.ts'

const TOKENS = { learners: 'learners-0123456789ab', instructor: 'instructor-0123456789' }
const NOW = Date.UTC(2026, 10, 28, 9)
let dir: string
let server: ClassServer | undefined

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-class-'))
})
afterEach(async () => {
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

/** A class as `class serve` runs it, on a free port or on the one it had. */
async function serve(port = 0) {
  const journal = await openJournal(join(dir, 'class'))
  const page = (roll: ReturnType<typeof rollOf>) =>
    classPage({ name: 'T', roll, now: NOW, exercises: 35, titleOf: (_, slug) => slug, checkOf: (...of) => of[2] })
  const rest = { host: '127.0.0.1', hosts: [], now: () => NOW + 60_000, csv: classCsv, page, onEvents: () => {} }
  server = await serveClass({ name: 'T', tokens: TOKENS, journal, port, ...rest })
  return { journal, port: server.port, url: `http://127.0.0.1:${server.port}` }
}
const learner = (name: string) => openMembership(join(dir, name, 'class.json'))
const checked = (number: number, verdict: string, results: string[], at = NOW) =>
  ({
    at,
    kind: 'checked',
    course: 'otel-lab',
    number,
    slug: `e-${number}`,
    verdict,
    results,
    hints: 1,
    applied: false,
  }) as const

it('tells who is where, who is stuck since when, and which wrong answer most have given', async () => {
  const { journal, url } = await serve()
  const of = await askClass(`${url}/${TOKENS.learners}`)
  expect(of.className).toBe('T')
  for (const [name, checks] of [
    ['Ada', [checked(24, 'failed', ['ends:passed', 'sum:failed:value'])]],
    ['Bo', [1, 2, 3].map((i) => checked(24, 'failed', ['sum:failed:value'], NOW + i))],
    ['Cy', [checked(24, 'slow', ['sum:slow:not-yet']), checked(24, 'passed', ['sum:passed'], NOW + 9)]],
  ] as const) {
    const one = learner(name)
    await one.join(of, name, new Date(NOW))
    for (const event of checks) expect(await one.tell(event)).toEqual({ waiting: 0, ended: false })
  }
  const roll = rollOf(journal.events, NOW + 60_000)
  expect(roll.members.map(({ name, stuckSince, passed }) => [name, stuckSince, passed])).toEqual([
    ['Bo', NOW + 1, 0],
    ['Ada', undefined, 0],
    ['Cy', undefined, 1],
  ])
  // What was slow is nobody's wrong answer.
  expect(roll.wrong).toEqual([{ number: 24, slug: 'e-24', failed: 'sum/value', members: 2, times: 4 }])
  expect(rollOf(journal.events, NOW + 11 * 60_000).members.filter(({ stuckSince }) => stuckSince)).toHaveLength(2)
  const page = await httpRequest(`${url}/${TOKENS.instructor}/page`)
  for (const words of ['Bo', 'stuck for', 'sum/value', '3 learners, 1 stuck']) expect(page.text).toContain(words)
  const csv = classCsv(roll).split('\r\n')
  expect(csv).toHaveLength(5)
  expect(csv[1]).toMatch(/^Bo,[^,]+,otel-lab,24,e-24,tried,3,1,false,2026-11-28T09:00:00.001Z,,sum\/value$/)
  expect(classResults(roll).find(({ path }) => path[0]!.startsWith('Cy'))!.results).toEqual({
    version: 3,
    status: 'pass',
    tests: [{ name: 'sum', status: 'pass' }],
  })
})

it('keeps what was told while the class was away, and tells it once', async () => {
  const first = await serve()
  const one = learner('Ada')
  await one.join(await askClass(`${first.url}/${TOKENS.learners}`), 'Ada', new Date(NOW))
  await server!.close()
  expect(await one.tell(checked(1, 'failed', []))).toEqual({ waiting: 1, ended: false })
  const again = await serve(first.port)
  // Two processes of one lab at once send the same.
  await Promise.all([one.tell(checked(1, 'passed', [], NOW + 1)), one.tell(checked(2, 'passed', [], NOW + 2))])
  await one.leave(new Date(NOW + 3))
  const told = again.journal.events.map(({ kind, number, verdict }) => [kind, number, verdict].join(' ').trim())
  expect(told.sort()).toEqual(['checked 1 failed', 'checked 1 passed', 'checked 2 passed', 'left'])
  expect(await readJournal(join(dir, 'class'))).toHaveLength(4)
  expect(await readdir(join(dir, 'Ada'))).toEqual([])
  expect(await one.tell(checked(3, 'passed', []))).toBeUndefined()
})

it('is left by itself when it has not answered for a day', async () => {
  const { url } = await serve()
  const one = learner('Ada')
  await one.join(await askClass(`${url}/${TOKENS.learners}`), 'Ada', new Date(NOW))
  await server!.close()
  server = undefined
  expect(await one.tell(checked(1, 'passed', [], NOW + 25 * 3_600_000))).toEqual({ waiting: 0, ended: true })
  expect(await one.read()).toBeUndefined()
})

it('lets nobody in without the whole address, and takes nothing that could hurt page, table or disk', async () => {
  const { journal, url } = await serve()
  for (const path of ['', '/x', `/${TOKENS.learners}/page`, `/${TOKENS.learners}x`, '/x/class.csv', '/x/class.json'])
    expect((await httpRequest(`${url}${path}`)).status).toBe(404)
  const post = (path: string, body: string, headers = {}) =>
    httpRequest(`${url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  expect((await post(`/${TOKENS.instructor}/v1/logs`, '{}')).status).toBe(404)
  const logs = `/${TOKENS.learners}/v1/logs`
  expect((await post(logs, '[', {})).status).toBe(400)
  expect((await post(logs, `{"a":"${'x'.repeat(300_000)}"}`)).status).toBe(413)
  expect((await post(logs, '{}', { origin: 'https://evil.example' })).status).toBe(403)
  expect((await httpRequest(`${url}/${TOKENS.instructor}/page`, { headers: { host: 'evil.example' } })).status).toBe(
    403,
  )
  await expect(askClass(`${url}/${TOKENS.instructor}`)).rejects.toMatchObject({ code: 'no-class', exit: 2 })

  const one = learner('mallory')
  await one.join({ url: `${url}/${TOKENS.learners}`, className: 'T' }, '=cmd|<script>alert(1)</script>', new Date(NOW))
  await one.tell({ ...checked(1, 'failed', ['<img>:failed:"x"']), slug: '../../etc' })
  const roll = rollOf(journal.events, NOW)
  const page = await httpRequest(`${url}/${TOKENS.instructor}/page`)
  expect(page.text).not.toMatch(/<script|<img/)
  expect(classCsv(roll)).not.toMatch(/^[=+@-]/m)
  for (const { path } of classResults(roll)) for (const part of path) expect(part).toMatch(/^[\p{L}\p{N}_-]+$/u)
  // Somebody who floods is told to wait, and is told of again later.
  for (let i = 0; i < 130; i++) await one.tell(checked(1, 'failed', [], NOW + i))
  expect(journal.events.length).toBeLessThanOrEqual(120)
  expect((await one.tell(checked(2, 'passed', [])))!.waiting).toBeGreaterThan(0)
})
