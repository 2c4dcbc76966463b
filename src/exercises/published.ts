import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VocabularySchema } from './answers/reason/vocabulary.ts'
import { digestOf } from './digest.ts'
import { exerciseFormat, solutionFormat } from './format.ts'

/**
 * What the build writes from our own sources, by path: the JSON Schemas that editors complete from, and the digests
 * by which a built-in exercise that somebody changed is known.
 */
export async function publishedFiles(root: string): Promise<Record<string, string>> {
  const json = (schema: object) => `${JSON.stringify(schema, undefined, 2)}\n`
  return {
    'exercises/exercise.schema.json': json(exerciseFormat),
    'exercises/solution.schema.json': json(solutionFormat),
    'exercises/vocabulary.schema.json': json(VocabularySchema),
    'src/exercises/shipped.ts': await shippedDigests(root),
  }
}

async function shippedDigests(root: string): Promise<string> {
  const folders = (await readdir(join(root, 'exercises'))).filter((name) => /^\d\d-/.test(name)).sort()
  const lines = await Promise.all(
    folders.map(async (folder) => {
      const parts = ['exercises', 'solutions'].flatMap((dir) =>
        (dir === 'exercises' ? ['exercise.yaml', 'README.md'] : ['solution.yaml', 'README.md']).map((name) =>
          readFile(join(root, dir, folder, name), 'utf8'),
        ),
      )
      return `  '${folder}': '${digestOf(await Promise.all(parts))}',\n`
    }),
  )
  return `/** Written by the build: the digests of the exercises as they are shipped. */
export const SHIPPED: Readonly<Record<string, string>> = {
${lines.join('')}}
`
}
