import type { Engine } from '../../engine.ts'
import type { Workspace } from '../../workspace.ts'

export interface Finding {
  state: 'ok' | 'warning' | 'error'
  /** What was looked at. */
  title: string
  /** What was seen. */
  seen: string
  why?: string
  /** The next command or act. */
  next?: string
}

export interface Patient {
  workspace: Workspace
  engine: Engine
  env: Record<string, string | undefined>
}
