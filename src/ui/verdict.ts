import { type Paint, paint } from './paint.ts'

export type VerdictState = 'passed' | 'failed' | 'slow' | 'broken' | 'skipped' | 'running'

export interface Verdict {
  state: VerdictState
  title: string
  /** What a pass looks like. */
  expected?: string
  /** What was observed instead. */
  seen?: string
  /** Why it matters. */
  why?: string
  /** The next command or act. */
  next?: string
}

const MARKS: Record<VerdictState, string> = {
  passed: '✓',
  failed: '✗',
  slow: '◷',
  broken: '!',
  skipped: '-',
  running: '…',
}

function colourOf(state: VerdictState, p: Paint): Paint {
  if (state === 'passed') return p.green
  if (state === 'failed' || state === 'broken') return p.red
  return state === 'slow' ? p.yellow : p.dim
}

/** One line with a mark, and below it what was expected, seen, why it matters and what to do. */
export function renderVerdict(verdict: Verdict, options: { paint?: Paint; indent?: number } = {}): string {
  const p = options.paint ?? paint()
  const margin = ' '.repeat(options.indent ?? 0)
  const lines = [`${margin}${colourOf(verdict.state, p)(MARKS[verdict.state])} ${verdict.title}`]
  const detail = (label: string, text: string | undefined) => {
    if (!text) return
    const [first, ...rest] = text.split('\n')
    lines.push(`${margin}    ${p.dim(label.padEnd(9))}${first}`)
    for (const line of rest) lines.push(`${margin}    ${' '.repeat(9)}${line}`)
  }
  detail('expected', verdict.expected)
  detail('seen', verdict.seen)
  detail('why', verdict.why)
  if (verdict.next) for (const line of verdict.next.split('\n')) lines.push(`${margin}    ${p.cyan('→')} ${line}`)
  return lines.join('\n')
}
