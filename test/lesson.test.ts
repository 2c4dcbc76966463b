import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { COMMANDS } from '../src/commands.ts'
import { LessonSchema, loadLesson } from '../src/lesson.ts'

const PUBLISHED = 'exercises/lesson.schema.json'

/** `UPDATE_SCHEMAS=1 npx vitest run test/lesson.test.ts` publishes it anew. */
test('publishes the schema that the types of the code are made from', async () => {
  const schema = JSON.parse(JSON.stringify(LessonSchema))
  if (process.env.UPDATE_SCHEMAS) await writeFile(PUBLISHED, `${JSON.stringify(schema, undefined, 2)}\n`)
  expect(JSON.parse(await readFile(PUBLISHED, 'utf8'))).toEqual(schema)
})

test('names only commands and flags that there are', async () => {
  const { steps } = await loadLesson()
  const ours = steps.flatMap((step) => step.ours).filter((line) => line.startsWith('otel-lab '))
  expect(ours.length).toBeGreaterThan(20)
  for (const line of ours) {
    const [first, second] = line.split(' ').slice(1) as [string, string?]
    const command = COMMANDS[`${first}:${second}` as 'config:show'] ?? COMMANDS[first as 'up']
    expect(command, line).toBeDefined()
    const flags =
      line
        .split(' -- ')[0]!
        .replaceAll(/'[^']*'/g, '')
        .match(/--[a-z-]+/g) ?? []
    for (const flag of flags) expect(Object.keys(command.flags ?? {}), line).toContain(flag.slice(2))
  }
})
