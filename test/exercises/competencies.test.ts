import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMPETENCIES, DOMAINS, loadCourse, TRACKS } from '../../src/exercises.ts'
import { widthOf } from '../../src/ui/width.ts'

const { exercises } = await loadCourse()

test('which exercises serve which competency of the OTCA, and how much of the course each domain is', () => {
  const rows = Object.entries(COMPETENCIES).map(([id, title]) => {
    const serve = exercises
      .filter(({ competencies }) => competencies?.includes(id as never))
      .map(({ number }) => number)
    return { domain: id.split('/')[0]!, title, serve }
  })
  for (const [id, { title, weight }] of Object.entries(DOMAINS)) {
    console.log(`${title} (${weight} %)`)
    for (const { title: name, serve } of rows.filter(({ domain }) => domain === id))
      console.log(`  ${name.padEnd(32)} ${serve.join(', ') || 'none yet'}`)
  }
  const minutes = exercises.reduce((sum, one) => sum + one.minutes, 0)
  const open = rows.filter(({ serve }) => serve.length === 0).length
  console.log(`${exercises.length} exercises, ${minutes} minutes; ${rows.length - open} of ${rows.length} competencies`)
  expect(open).toBe(0)
  const served = exercises.filter(({ competencies = [] }) => competencies.some((id) => id.startsWith('api-sdk/')))
  expect(served.length / exercises.length).toBeGreaterThanOrEqual(0.45)
})

test.each(exercises)('exercise $number has all its parts', async (exercise) => {
  const {
    track,
    competencies = [],
    more = [],
    wrong,
    hints,
    minutes,
    start = [],
    folder,
    text,
    solutionText,
  } = exercise
  expect(Object.keys(TRACKS)).toContain(track)
  expect(competencies.length).toBeGreaterThan(0)
  expect(more.length).toBeGreaterThan(0)
  expect(wrong.length).toBeGreaterThanOrEqual(3)
  expect(new Set(wrong.map(({ gets }) => gets)).size).toBeGreaterThanOrEqual(2)
  expect(hints.filter(({ after }) => after === undefined).length).toBeGreaterThanOrEqual(2)
  expect(minutes).toBeGreaterThanOrEqual(5)
  expect(minutes).toBeLessThanOrEqual(20)
  for (const path of start) expect((await stat(join(folder, path))).isFile()).toBe(true)
  const lines = [...text.split('\n'), ...solutionText.split('\n')]
  expect(lines.filter((line) => line.length > 125)).toEqual([])
  // A picture that is folded at 80 columns is none; commands are folded where a shell takes them.
  const shown = text.split('\n').filter((line) => /^ {5}(?! +(?:otel-lab|- ))/.test(line))
  expect(shown.map((line) => line.replaceAll(/\$\{[a-z_]+\}/g, '00000')).filter((line) => widthOf(line) > 80)).toEqual(
    [],
  )
})
