import type { LineLabels } from './labels.ts'

export interface Stage {
  /** The line as this stage leaves it, or undefined to drop it. */
  run(line: string, labels: LineLabels, nanos: bigint): string | undefined
  /** Labels that it reads. */
  uses: readonly string[]
}

export function stage(run: Stage['run'], uses: readonly string[] = []): Stage {
  return { run, uses }
}
