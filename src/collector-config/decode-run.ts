import { type ConfigNode, goTypeOf } from './node.ts'

/** One thing wrong with a value, in mapstructure's words (its errors.go, v2.5). */
export interface DecodeProblem {
  message: string
  at: number
  hint?: string
  severity?: 'warning'
}

/** What a struct's check says, kept apart: the collector validates only once everything has decoded. */
export interface CheckProblem extends DecodeProblem {
  /** The path of the section that complains, such as ['sending_queue']. */
  path: string[]
}

/** Where a decoding has come to. `base` is the path of the nested config that `path` starts from. */
export interface Run {
  problems: DecodeProblem[]
  checks: CheckProblem[]
  base: string[]
}

export function problem(run: Run, path: string[], words: string, at: number, hint?: string): void {
  run.problems.push({ message: `'${nameOf(path)}' ${words}`, at, ...(hint && { hint }) })
}

export function unconvertible(run: Run, path: string[], go: string, node: ConfigNode): void {
  problem(run, path, `expected type '${go}', got unconvertible type '${goTypeOf(node)}'`, node.at)
}

/** mapstructure's field names: `protocols.grpc.endpoint`, `attributes[0].key`. */
export function nameOf(path: string[]): string {
  return path.reduce((name, part) => (part.startsWith('[') || name === '' ? name + part : `${name}.${part}`), '')
}

export const DECODING = 'decoding failed due to the following error(s):\n\n'

/**
 * Decodes a section whose Go type unmarshals itself: what fails in it is named from there, inside an error that
 * names the section.
 */
export function nested<T>(run: Run, path: string[], work: (inner: Run) => T): T {
  const inner: Run = { problems: [], checks: run.checks, base: [...run.base, ...path] }
  const result = work(inner)
  for (const { message, ...rest } of inner.problems) {
    const quiet = rest.severity === 'warning' || message.startsWith("'' expected")
    const words = rest.severity === 'warning' ? message : `'${nameOf(path)}' ${quiet ? '' : DECODING}${message}`
    run.problems.push({ message: words, ...rest })
  }
  return result
}
