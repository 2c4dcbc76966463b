import { createExtractor } from '../../../src/embedded/loki/logql/evaluate/extract.ts'
import type { Labels } from '../../../src/embedded/loki/logql/source.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = Record<string, any>

const NOW = 1_661_472_000_000_000_000n
const labelsOf = (object: object = {}): Labels =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, string][]

/** A number as text that a conversion reads as it. */
const written = (value: number, conversion: string | undefined) =>
  `${value}${conversion === 'bytes' ? 'B' : conversion?.startsWith('duration') ? 's' : ''}`

/** The value and the labels that `unwrap` makes of a line with these labels. */
export function unwrapFault(c: Case): string | undefined {
  const conversion = c.convert === '' ? undefined : c.convert
  const grouped = c.groups === undefined && !c.noLabels
  const extractor = createExtractor(
    {
      node: 'range',
      operation: 'max_over_time',
      parameter: undefined,
      range: {
        logs: { node: 'logs', matchers: [], stages: [] },
        unwrap: { label: c.unwrap, conversion, filters: [] },
        intervalNanos: 1n,
        offsetNanos: 0n,
      },
      grouping: grouped ? undefined : { without: c.without, labels: c.groups ?? [] },
    },
    undefined,
    { query: '', now: () => NOW },
  )
  // The suite leaves out the line's structured metadata: what comes out and did not go in was there.
  const fromMetadata = Object.entries(c.wantLbs ?? {}).filter(([name]) => !(name in c.in) && !name.startsWith('__'))
  const metadata: Record<string, unknown> = Object.fromEntries(fromMetadata)
  if (!(c.unwrap in c.in)) metadata[c.unwrap] ??= written(c.want ?? 0, conversion)
  const found = extractor.forStream(labelsOf(c.in))({ nanos: NOW, line: '', metadata: labelsOf(metadata) })
  const got = found && { value: found.value, labels: extractor.seriesOf(found.labels) }
  if (c.ok === false) return got === undefined ? undefined : `got ${JSON.stringify(got)}`
  const want = { value: c.want ?? 0, labels: labelsOf(c.wantLbs) }
  return JSON.stringify(got) === JSON.stringify(want) ? undefined : `got ${JSON.stringify(got)}`
}
