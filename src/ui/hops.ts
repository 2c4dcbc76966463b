import { humanDuration } from './numbers.ts'
import { type Paint, paint } from './paint.ts'
import { outputWidth, pad, wrapWords } from './width.ts'
import { wrapProse } from './wrap.ts'

/** A hop of a diagnosis, as src/diagnosis.ts gives it. */
export interface HopView {
  hop: string
  id?: string
  pipeline?: string
  state: 'passed' | 'held' | 'dropped' | 'changed' | 'unknown'
  fault?: string
  known: readonly string[]
  seen: string
  why?: string
  next?: string
  waitMs?: number
}

export interface DiagnosisView {
  signal: string
  arrived: boolean | undefined
  hops: readonly HopView[]
  broken?: HopView
  held?: HopView
}

const MARKS = { passed: '✓', held: '…', unknown: '-' } as const
const NAME = 24
/** Narrower, a column of its own is hard to read. */
const SEEN = 45

/** The way of one signal from the app to the query, a line for each hop, and below it what to mend. */
export function renderHops(view: DiagnosisView, options: { paint?: Paint; width?: number } = {}): string {
  const p = options.paint ?? paint()
  const width = options.width ?? outputWidth()
  const { signal, arrived, hops, broken, held } = view
  const end = arrived
    ? broken
      ? p.yellow('came, but not as it should')
      : p.green('arrived')
    : broken
      ? p.red('lost')
      : held
        ? p.yellow('on its way')
        : p.yellow('not seen')
  const lines = [`${p.bold(signal)}  ${end}`, ...hops.map((hop) => lineOf(hop, p, width))]
  if (broken?.why) lines.push(wrapProse(`  ${broken.why}.`, width))
  for (const line of broken?.next?.split('\n') ?? []) lines.push(wrapProse(`  ${p.cyan('→')} ${line}`, width))
  return lines.join('\n')
}

function lineOf(hop: HopView, p: Paint, width: number): string {
  const { state, fault, id, known, seen, waitMs } = hop
  // What leads to nothing to mend is no alarm: a filter that drops health checks does its work.
  const colour = state === 'passed' ? p.green : fault ? p.red : state === 'unknown' ? p.dim : p.yellow
  const mark = colour(fault ? '✗' : state === 'dropped' || state === 'changed' ? '•' : MARKS[state])
  const name = pad(id === undefined || id === hop.hop ? hop.hop : `${hop.hop} ${id}`, NAME)
  const wait = waitMs === undefined ? '' : `, at most ${humanDuration(waitMs)} more`
  const by = known.length > 0 ? p.dim(` (${known.join(', ')})`) : ''
  const text = `${seen}${wait}`
  const indent = 4 + NAME + 1
  if (width - indent < SEEN) return wrapProse(`  ${mark} ${name} ${text}${by}`, width)
  return `  ${mark} ${name} ${wrapWords(`${text}${by}`, width - indent).join(`\n${' '.repeat(indent)}`)}`
}
