import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { madeFormat, quizFormat } from '../../src/quiz/format.ts'

/** `UPDATE_SCHEMAS=1 npx vitest run test/quiz/schema.test.ts` publishes them anew. */
test.each([
  ['exercises/quiz.schema.json', quizFormat],
  ['exercises/made.schema.json', madeFormat],
])('%s is what the types are made of', async (path, format) => {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...format }
  if (process.env.UPDATE_SCHEMAS) await writeFile(path, `${JSON.stringify(schema, undefined, 2)}\n`)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
})
