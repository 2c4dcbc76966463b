import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyEdits, unifiedDiff } from '../collector-config.ts'
import { LabError } from '../errors.ts'
import type { Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import { fill, type Values } from './values.ts'

/** What the solution would change of the learner's own files, as a diff; where it changes none, how it is done. */
export async function solutionDiff(
  exercise: Exercise,
  lab: Pick<ExerciseLab, 'root'> & { collector: Pick<ExerciseLab['collector'], 'shown' | 'readConfig'> },
  values: Values = {},
): Promise<string[]> {
  const { edits = [], files = [], commands } = exercise.solution
  const diffs = [
    ...(edits.length > 0 ? [await configDiff(lab, edits)] : []),
    ...(await Promise.all(files.map((file) => fileDiff(exercise, lab.root, file, values)))),
  ]
  const changed = diffs.filter((diff) => diff !== '')
  if (changed.length > 0) return changed.join('\n').trimEnd().split('\n')
  const same = diffs.length > 0 ? ['Your files say what the solution says.', ''] : []
  return [...same, ...exercise.solutionText.trimEnd().split('\n'), '', ...commands.map((command) => `    ${command}`)]
}

async function configDiff(
  { collector }: { collector: Pick<ExerciseLab['collector'], 'shown' | 'readConfig'> },
  edits: NonNullable<Exercise['solution']['edits']>,
): Promise<string> {
  const text = await collector.readConfig()
  try {
    return unifiedDiff(text, applyEdits(text, edits), { from: collector.shown, to: 'as the solution has it' })
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return `The solution cannot be laid over your config: ${error.message}`
  }
}

async function fileDiff({ solutionFolder }: Exercise, root: string, file: string, values: Values): Promise<string> {
  const [yours, ours] = await Promise.all([
    readFile(join(root, file), 'utf8').catch(() => ''),
    readFile(join(solutionFolder, file), 'utf8'),
  ])
  return unifiedDiff(yours, fill(ours, values), { from: file, to: 'as the solution has it' })
}
