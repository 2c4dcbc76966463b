/** A case's verdict, and what to say when it failed. */
export type Verdict = [ok: boolean, detail: string]

export interface Group {
  name: string
  good: number
  all: number
  /** Why these are not what the lab is for; they are measured and told, and fail nothing. */
  outOfScope?: string
}

/** Takes the verdicts of one group of cases. */
export type Tally = (name: string, results: Verdict[], outOfScope?: string) => void

export function createTally(print: (line: string) => void, showAll: boolean): Tally & { groups: Group[] } {
  const groups: Group[] = []
  const tally: Tally = (name, results, outOfScope) => {
    const bad = results.filter(([ok]) => !ok)
    const good = results.length - bad.length
    groups.push({ name, good, all: results.length, ...(outOfScope && { outOfScope }) })
    print(`${name}: ${good} of ${results.length}${outOfScope ? ` (out of scope: ${outOfScope})` : ''}`)
    const shown = showAll ? bad : outOfScope ? [] : bad.slice(0, 10)
    for (const [, detail] of shown) print(`  ✗ ${detail}`)
    if (!outOfScope && bad.length > shown.length) print(`  and ${bad.length - shown.length} more: --all`)
  }
  return Object.assign(tally, { groups })
}

/** Whether an error is no refusal: what breaks is wrong, whatever the case wanted. */
export function broke(error: unknown): boolean {
  const bugs = [TypeError, RangeError, ReferenceError, SyntaxError]
  return !(error instanceof Error) || error.constructor === Error || bugs.some((bug) => error instanceof bug)
}

/** Puts one case: undefined is right, a text says what is wrong; what it throws is wrong whatever it wanted. */
export async function judged(name: string, work: () => string | undefined | Promise<string | undefined>) {
  try {
    const fault = await work()
    return [fault === undefined, `${name}: ${fault}`] as Verdict
  } catch (error) {
    return [false, `${name}: threw ${(error as Error).stack}`] as Verdict
  }
}

/** The verdict on a case that must be refused: the words where the suite gives them, and never a bug for a refusal. */
export function refusalFault(error: unknown, wanted?: string): string | undefined {
  if (broke(error)) return `broke: ${(error as Error).stack}`
  const { message } = error as Error
  return wanted === undefined || message.includes(wanted) ? undefined : `says ${message}, wanted ${wanted}`
}
