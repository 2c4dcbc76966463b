import type { Backends } from '../backends.ts'
import type { Engine } from '../engine.ts'
import type { RunAnswer } from './answers.ts'

/** What the page is made of; whoever serves it hands it in. */
export interface PageParts {
  engine: Engine
  root: string
  /** The lab's backends as they are now: a lab may come up after the page. */
  backends(): Promise<Backends>
  runs(): Promise<RunAnswer[]>
  /** Where the built page is. */
  files: string
  /** Names by which the page may be called, besides loopback's. */
  hosts: readonly string[]
  now(): number
}
