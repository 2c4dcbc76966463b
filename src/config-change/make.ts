import { applyEdits, type Edit } from '../collector-config.ts'
import type { ConfigFile, ConfigKey } from './files.ts'

/** What is to become of a config file. */
export interface Change {
  key: ConfigKey
  /** The new text, from the one that the file has when its turn comes. Throws LabError, and nothing is written. */
  make(text: string, file: ConfigFile): string | Promise<string>
  /** Also where the file is gone or unreadable: `make` gets '' then. */
  orNone?: boolean
}

/** A change by edits of paths, each proven by its effect. */
export function changeFile(key: ConfigKey, edits: readonly Edit[]): Change {
  return { key, make: (text) => applyEdits(text, edits, { keys: key === 'collector' ? 'collector' : 'any' }) }
}
