import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { EXIT, LabError } from '../errors.ts'
import { packageRoot } from '../util/package-root.ts'

/** The course that came with otel-lab. */
const OWN = 'otel-lab'
/** https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/**
 * The folder of a course, by its path or by the name of an npm package that is installed here or above. Throws
 * LabError `no-course`.
 */
export async function findCourse(wanted: string, cwd: string): Promise<{ name: string; root: string }> {
  if (wanted === OWN) return { name: OWN, root: packageRoot() }
  const path = resolve(cwd, wanted.replace(/^~(?=\/|$)/, homedir()))
  if (await holdsExercises(path)) return { name: basename(path), root: path }
  if (PACKAGE.test(wanted)) {
    for (let dir = resolve(cwd); ; dir = dirname(dir)) {
      const root = join(dir, 'node_modules', wanted)
      if (await holdsExercises(root)) return { name: wanted, root }
      if (dirname(dir) === dir) break
    }
  }
  throw new LabError('no-course', `${wanted} is no course: there is no folder exercises/ in ${path}`, {
    hint: `Begin one: otel-lab course new ${wanted}\nA course from npm is installed first: npm install ${PACKAGE.test(wanted) ? wanted : 'NAME'}`,
    exit: EXIT.usage,
  })
}

const holdsExercises = (root: string): Promise<boolean> =>
  stat(join(root, 'exercises')).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
