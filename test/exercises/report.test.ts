import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type CourseReport,
  loadCourse,
  openProgress,
  readReport,
  reportHtml,
  reportMarkdown,
  reportOf,
  verifyReport,
} from '../../src/exercises.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'otel-lab-report-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const NASTY = '</script><img src=x onerror=alert(1)> | `code` [link](javascript:1)'

/** A course in which exercise 1 was passed, with what an attacker may get into telemetry as its evidence. */
async function passedCourse(name: string): Promise<CourseReport> {
  const progress = openProgress({
    progressFile: join(dir, name, 'progress.json'),
    attemptFile: (key) => join(dir, name, `${key}.json`),
    learnerFile: join(dir, name, 'learner'),
    keysDir: join(dir, name, 'keys'),
  })
  const course = await loadCourse()
  const [first, second] = course.exercises
  const result = { id: 'output', title: 'Output', expected: 'all', why: 'so', verdict: 'passed' as const, seen: NASTY }
  const evidence = [
    {
      check: 'output',
      seen: NASTY,
      query: `otel-lab trace ${NASTY}`,
      traceId: 'a'.repeat(32),
      link: 'javascript:alert(1)',
    },
  ]
  await progress.record(first!, { verdict: 'passed', runId: 'r0123456789', results: [result] }, evidence, new Date())
  const failed = { ...result, verdict: 'failed' as const, case: 'x' }
  await progress.record(second!, { verdict: 'failed', runId: 'r1123456789', results: [failed] }, [], new Date())
  return reportOf(course, progress, new Date('2026-01-02T03:04:05Z'))
}

it('says what was passed and what it rests on, and lets no telemetry become markup', async () => {
  const report = await passedCourse('one')
  expect(report.exercises.slice(0, 3).map(({ state }) => state)).toEqual(['passed', 'tried', 'new'])
  const page = await reportHtml(report)
  expect(page).toContain(`1 of ${report.exercises.length} exercises passed`)
  expect(page).not.toContain('<img')
  expect(page).not.toContain('href="javascript')
  // Its data, and what the build wrote: nothing else may run.
  const scripts = [...page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
  expect(scripts.map(([, attributes]) => attributes)).toEqual([' type="application/json" id="otel-lab-report"', ''])
  const hash = createHash('sha256').update(scripts[1]![2]!).digest('base64')
  expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`)
  expect(readReport(page, 'report.html')).toEqual(JSON.parse(JSON.stringify(report)))
  const text = reportMarkdown(report)
  expect(text).toContain('| 1 | Watch spans pass through the collector | passed | 1 |')
  // What stands between backticks is shown as it is.
  const rendered = text.replaceAll(/(?<!\\)(`+)(?!`)[^\n]*?[^`\\]\1(?!`)/g, '')
  expect(rendered).not.toMatch(/(?<!\\)<img/)
  expect(rendered).not.toMatch(/(?<!\\)\]\(javascript:/)
  expect(() => readReport('<html></html>', 'x.html')).toThrow(expect.objectContaining({ code: 'no-report', exit: 2 }))
})

it('verifies a page of somebody else, and tells what was edited in it', async () => {
  const page = await reportHtml(await passedCourse('one'))
  const report = readReport(page, 'report.html')
  expect(await verifyReport(report, undefined)).toEqual([
    expect.objectContaining({ number: 1, state: 'signed', same: 0, gone: 0 }),
  ])
  const edited = readReport(page.replaceAll('r0123456789', 'r9999999999'), 'report.html')
  expect(await verifyReport(edited, undefined)).toMatchObject([{ state: 'not-signed' }])
  // Whose lab it was cannot be changed either.
  const other = await passedCourse('other')
  expect(await verifyReport({ ...report, labId: other.labId }, undefined)).toMatchObject([{ state: 'not-signed' }])
  // A pass cannot be moved to another exercise.
  const moved = report.exercises.map((one) => (one.number === 1 ? { ...one, slug: 'follow-the-failure' } : one))
  expect(await verifyReport({ ...report, exercises: moved }, undefined)).toMatchObject([{ state: 'not-signed' }])
})
