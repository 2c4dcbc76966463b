import type { ConfigProblem } from '../../engine.ts'
import type { ConfigTrial, ItemChange } from '../../journey.ts'
import { DOOR_TITLES } from '../../latency.ts'
import { humanBytes, humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'
import { terminalWidth, wrapWords } from '../../ui/width.ts'
import { SIGNALS } from '../../util/signal.ts'

const WORDS = { traces: 'spans', metrics: 'series', logs: 'log lines' } as const
const SHOWN = 8

export function renderRefused(errors: readonly ConfigProblem[], p: Paint = paint()): string {
  const lines = errors.map(
    ({ message, line, hint }) =>
      `  ${line === undefined ? '' : `line ${line}: `}${message}${hint ? `\n    → ${hint}` : ''}`,
  )
  return [p.red('✗ The collector would refuse this config; the running one goes on as it is.'), ...lines].join('\n')
}

export function renderTrial(
  trial: ConfigTrial,
  { all, edited }: { all: boolean; edited: boolean },
  p: Paint = paint(),
): string {
  const { runId, requests, changes, same, items, bytes, delays, refused } = trial
  const out = [
    `Run ${runId}, ${requests} requests, through the config that runs and through the edited one. Nothing was sent.`,
  ]
  if (!edited)
    out.push(p.dim('The edited config is the one that runs: edit configs/otel-collector-config.yaml, or use --set.'))
  for (const signal of SIGNALS) {
    const mine = changes.filter((one) => one.signal === signal)
    out.push('', p.bold(`${WORDS[signal]}: ${summary(mine, same[signal])}`))
    out.push(...grouped(mine, all, p))
  }
  const signed = (n: number, text: string) =>
    n > 0 ? p.yellow(`+${text}`) : n < 0 ? p.green(`-${text}`) : p.dim('the same')
  const rows = SIGNALS.map((signal) => {
    const [count, size] = [items[signal].after - items[signal].before, bytes[signal].after - bytes[signal].before]
    return [
      WORDS[signal],
      `${items[signal].before} → ${items[signal].after}`,
      signed(count, String(Math.abs(count))),
      `${humanBytes(bytes[signal].before)} → ${humanBytes(bytes[signal].after)}`,
      signed(size, humanBytes(Math.abs(size))),
    ]
  })
  out.push('', p.bold('What it costs'), renderTable(['', 'COUNT', '', 'SENT', ''], rows, { paint: p }))
  for (const { door, before, after } of delays) {
    out.push(
      `${DOOR_TITLES[door]}: ${humanDuration(Math.abs(after - before))} ${after < before ? 'sooner' : 'later'} on average, by the waits of the configs`,
    )
  }
  for (const { signal, said } of refused.slice(0, 3)) out.push(p.red(`✗ ${signal}: ${said}`))
  out.push('', 'To let it run: otel-lab restart otel-collector')
  return out.join('\n')
}

function summary(changes: readonly ItemChange[], same: number): string {
  const count = (kind: ItemChange['kind']) => changes.filter((one) => one.kind === kind).length
  const parts = (['added', 'changed', 'dropped'] as const).flatMap((kind) =>
    count(kind) > 0 ? [`${count(kind)} ${kind}`] : [],
  )
  return [...parts, `${same} the same`].join(', ')
}

const MARKS = { added: '+', dropped: '-', changed: '~' } as const

/** Those with the same fate are told of together. */
function grouped(changes: readonly ItemChange[], all: boolean, p: Paint): string[] {
  const groups = new Map<string, ItemChange[]>()
  for (const change of changes) {
    const key = `${change.kind} ${change.exporter} ${change.signal === 'metrics' ? change.name : ''} ${change.edits.join('\n')}`
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  const shown = all ? [...groups.values()] : [...groups.values()].slice(0, SHOWN)
  const colour = { added: p.green, dropped: p.red, changed: p.yellow }
  const lines = shown.flatMap((group) => {
    const { kind, exporter, edits } = group[0]!
    const names = [...new Set(group.map(({ name }) => name))]
    const title = `${MARKS[kind]} ${exporter}: ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}${group.length > names.length ? ` (${group.length})` : ''}`
    return [colour[kind](wrapAt(`  ${title}`, 4)), ...edits.map((edit) => p.dim(wrapAt(`      ${edit}`, 8)))]
  })
  const rest = groups.size - shown.length
  return rest > 0 ? [...lines, p.dim(`  … and ${rest} more: --all`)] : lines
}

/** What is longer than the terminal is wide goes on below, further in. */
function wrapAt(text: string, indent: number): string {
  const width = terminalWidth()
  const margin = /^ */.exec(text)![0]
  return wrapWords(text.trimStart(), width - indent)
    .map((line, i) => (i === 0 ? margin : ' '.repeat(indent)) + line)
    .join('\n')
}
