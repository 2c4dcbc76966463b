import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { Exercise } from './exercise.ts'
import { fill, type Values } from './values.ts'

type Of = Pick<Exercise, 'start' | 'folder'>

/**
 * Puts the programs that an exercise begins with into the lab folder, where there is none of that name yet in any
 * language. Gives the paths of what was written.
 */
export async function placeStart({ start = [], folder }: Of, root: string, values: Values): Promise<string[]> {
  const written: string[] = []
  for (const path of start) {
    const target = join(root, path)
    if (await isThere(target)) continue
    await mkdir(dirname(target), { recursive: true })
    await writeFileAtomic(target, fill(await readFile(join(folder, path), 'utf8'), values))
    written.push(path)
  }
  return written
}

/** Whether a program of `start` is there as it came, and in no other language. */
export async function isAsGiven({ folder }: Of, path: string, root: string, values: Values): Promise<boolean> {
  const there = await sameProgram(join(root, path))
  if (there.length !== 1 || there[0] !== basename(path)) return false
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  const came = fill(await readFile(join(folder, path), 'utf8'), values)
  return plain(await readFile(join(root, path), 'utf8')) === plain(came)
}

/** As it came; what the learner wrote is kept beside. Gives the paths of what was kept. */
export async function restoreStart({ start = [], folder }: Of, root: string, values: Values): Promise<string[]> {
  const kept: string[] = []
  for (const path of start) {
    const came = fill(await readFile(join(folder, path), 'utf8'), values)
    for (const name of await sameProgram(join(root, path))) {
      const file = join(root, dirname(path), name)
      if (name === basename(path) && (await readFile(file, 'utf8')) === came) continue
      kept.push(join(dirname(path), basename(await keepBeside(file))))
    }
  }
  await placeStart({ start, folder }, root, values)
  return kept
}

/** Gives a file another name, which no file has yet. */
export async function keepBeside(file: string): Promise<string> {
  for (let i = 1; ; i++) {
    const kept = `${file}.mine${i === 1 ? '' : `-${i}`}`
    if (await stat(kept).catch(() => undefined)) continue
    await rename(file, kept)
    return kept
  }
}

const isThere = async (target: string) => (await sameProgram(target)).length > 0

/** Files that differ in their ending alone: an exercise does not say in which language it is solved. */
async function sameProgram(target: string): Promise<string[]> {
  const { dir, name } = parse(target)
  const entries = await readdir(dir).catch(() => [])
  return entries.filter((entry) => entry === basename(target) || (parse(entry).name === name && ENDINGS.test(entry)))
}

const ENDINGS = /\.(?:py|js|mjs|cjs|ts|sh|rb)$/
