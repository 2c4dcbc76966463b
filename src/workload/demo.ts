import { preprocessCommand } from './preprocess.ts'
import { ensureScans, stressScans } from './scans.ts'

export const DEMO_KINDS = ['normal', 'stress', 'slow'] as const
export type DemoKind = (typeof DEMO_KINDS)[number]

/** Seconds that the slow demo's skull_strip takes on top; far beyond what the step takes by itself. */
const SLOW_SECONDS = 4

/**
 * The lesson's demonstrations as a command line of our own program, its scans made if they are not there:
 * `normal` processes healthy scans, `stress` a mix of healthy and broken ones (chosen by `seed`), `slow` one scan
 * with a step that takes far longer. `files` is the most that are processed. Throws LabError `scans-failed`, `disk-full`, `read-only`.
 */
export async function demoCommand(
  workspace: { inputDir: string; outputDir: string },
  kind: DemoKind,
  options: { seed?: number; files?: number; signal?: AbortSignal } = {},
): Promise<string[]> {
  const { seed = 1, files: most, signal } = options
  const passed = signal ? { signal } : {}
  if (kind === 'stress') {
    const files = await stressScans(workspace.inputDir, seed, passed)
    return preprocessCommand(['process', ...files.slice(0, most), '-o', workspace.outputDir])
  }
  const { files, problem } = await ensureScans(workspace.inputDir, passed)
  if (problem !== undefined) throw problem
  if (kind === 'normal') return preprocessCommand(['process', ...files.slice(0, most), '-o', workspace.outputDir])
  return preprocessCommand(['process', files[0]!, '-o', workspace.outputDir, '--slow', `skull_strip=${SLOW_SECONDS}`])
}
