export interface Case {
  name: string
  ok: boolean
  detail: string
}

export function same(name: string, got: unknown, want: unknown): Case {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)]
  return { name, ok: a === b, detail: `want ${b}\n    got  ${a}` }
}

/** The value, or the error's message in its place. */
export function outcome<T>(work: () => T): T | { error: string } {
  try {
    return work()
  } catch (error) {
    return { error: (error as Error).message }
  }
}
