import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { FaultSchema } from '../../src/faults/schema.ts'

const PUBLISHED = 'exercises/fault.schema.json'

/** `UPDATE_SCHEMAS=1 npx vitest run test/faults/schema.test.ts` publishes it anew. */
it('publishes the schema that the types of the code are made from', async () => {
  // What JSON keeps of it: TypeBox marks its nodes with symbols.
  const schema = JSON.parse(JSON.stringify(FaultSchema))
  if (process.env.UPDATE_SCHEMAS) await writeFile(PUBLISHED, `${JSON.stringify(schema, undefined, 2)}\n`)
  expect(JSON.parse(await readFile(PUBLISHED, 'utf8'))).toEqual(schema)
})
