import type { StoredPart } from '../../engine/storage.ts'
import type { EngineKind } from '../../engine.ts'
import { humanBytes, humanDuration } from '../../ui/numbers.ts'
import { paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'

const NOT_OURS = `The backends run elsewhere, and their disks are not ours to see. What the real ones keep:
Prometheus in /prometheus, Loki in /loki, Tempo in the folder that storage.trace names.`

/** The table of what is there, and below it what each kind of file means. */
export function renderStorage(engine: EngineKind, parts: readonly StoredPart[], now: Date): string {
  if (engine === 'external') return NOT_OURS
  const p = paint()
  const ago = (time: Date | undefined) => (time ? `${humanDuration(now.getTime() - time.getTime())} ago` : '')
  const right = (title: string) => ({ title, align: 'right' as const })
  const table = renderTable(
    ['', '', right('files'), right('size'), right('oldest'), right('newest'), 'where'],
    parts.map(({ service, kind, size, path }) => [
      p.bold(service),
      kind,
      size ? String(size.files) : '?',
      size ? humanBytes(size.bytes) : '?',
      ago(size?.oldest),
      ago(size?.newest),
      path,
    ]),
  )
  const meanings = parts.map(
    ({ service, kind, meaning, real }) =>
      `${p.bold(`${service} ${kind}`)}\n  ${meaning}\n  ${p.dim(`${engine === 'docker' ? '' : 'In the real stack: '}${real}`)}`,
  )
  const unseen = parts.flatMap(({ look }) => look ?? [])
  const note =
    unseen.length === 0
      ? ''
      : `\n\nThe files in Docker's volumes are not ours to read. Their sizes:\n${unseen.map((l) => `→ ${l}`).join('\n')}`
  return `${table}\n\n${meanings.join('\n')}${note}`
}
