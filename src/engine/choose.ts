import type { Engine, EngineKind } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { createEmbeddedEngine } from './embedded.ts'

/** The engine that was asked for, else the one that this lab used last, else the embedded one. */
export async function openEngine(
  workspace: Workspace,
  options: { engine?: EngineKind; portOffset?: number } = {},
): Promise<Engine> {
  const kind = options.engine ?? (await workspace.state()).engine ?? 'embedded'
  if (kind === 'embedded') return createEmbeddedEngine(workspace, options)
  throw new LabError('engine-missing', `this version of otel-lab has no ${kind} engine yet`, {
    hint: 'otel-lab up --engine embedded',
    exit: EXIT.usage,
  })
}
