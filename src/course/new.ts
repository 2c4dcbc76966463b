import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { packageRoot } from '../util/package-root.ts'
import { TEMPLATE } from './template.ts'

/** Writes a course with one exercise that works, to be changed into another. Throws LabError `folder-foreign`. */
export async function newCourse(dir: string): Promise<string[]> {
  const there = await readdir(dir).catch(() => [])
  if (there.some((name) => !name.startsWith('.') && name !== 'package.json')) {
    throw new LabError('folder-foreign', `${dir} is not empty`, {
      hint: 'Name a new folder: otel-lab course new my-course',
      exit: EXIT.usage,
    })
  }
  const written: string[] = []
  for (const [path, text] of Object.entries(TEMPLATE)) {
    await makeDir(join(dir, path, '..'))
    await writeFileAtomic(join(dir, path), text)
    written.push(path)
  }
  // Editors complete from them; they are of the otel-lab that the course was begun with.
  for (const name of ['exercise.schema.json', 'solution.schema.json']) {
    await copyFile(join(packageRoot(), 'exercises', name), join(dir, 'exercises', name))
    written.push(join('exercises', name))
  }
  return written
}
