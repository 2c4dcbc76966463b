import type { Grouping, LogRange, RangeAggregation } from '../ast.ts'
import { parseByteSize } from '../go/bytes.ts'
import { parseGoDuration } from '../go/duration.ts'
import { type Parsed, parseFloat64 } from '../go/number.ts'
import { compileStages, type Surroundings } from '../pipeline/compile.ts'
import { type EarlyFilter, Hints } from '../pipeline/hints.ts'
import { compileLabelFilter } from '../pipeline/label-filter.ts'
import { type BaseLabels, baseLabels, LineLabels, sorted } from '../pipeline/labels.ts'
import { runStages } from '../pipeline/pipeline.ts'
import { ERROR_DETAILS_LABEL } from '../pipeline/reserved.ts'
import type { Entry, Labels } from '../source.ts'

/** Makes a sample of a line. */
export interface Extractor {
  /** Whether every sample counts as 1. */
  counts: boolean
  forStream(labels: Labels): (entry: Entry) => { value: number; labels: LineLabels } | undefined
  /** The labels of the series that the line belongs to. */
  seriesOf(labels: LineLabels): Labels
  /** One series takes all. */
  single: boolean
}

/** `outer` is the grouping of a `sum` around, which may take its labels straight from the lines. */
export function createExtractor(
  { operation, range, grouping }: RangeAggregation,
  outer: Grouping | undefined,
  around: Surroundings,
): Extractor {
  const by = grouping ?? outer
  const noLabels = operation === 'absent_over_time' || (by !== undefined && !by.without && by.labels.length === 0)
  const { stages, uses, early } = compileStages(range.logs.stages, around)
  const unwrap = compileUnwrap(range)
  const groups = [...(by?.labels ?? [])]
  let without = by?.without ?? false
  if (unwrap !== undefined && (groups.length === 0 || without)) {
    // The label that the value comes from cannot tell series apart.
    without = true
    groups.push(unwrap.label)
  }
  const used = unwrap === undefined ? uses : [...uses, ...unwrap.uses, unwrap.label]
  const hints = Hints.forMetric(used, { groups, without, noLabels }, [...early, ...(unwrap?.early ?? [])])
  const labels = new LineLabels(hints)
  const bytes = operation === 'bytes_over_time' || operation === 'bytes_rate'
  return {
    counts: unwrap === undefined && !bytes,
    single: noLabels,
    forStream(streamLabels) {
      const base: BaseLabels = baseLabels(streamLabels)
      const found = { value: 1, labels }
      return (entry) => {
        labels.start(base, entry.metadata)
        const line = runStages(stages, entry, labels)
        if (line === undefined) return undefined
        if (unwrap !== undefined) {
          const value = unwrap.read(labels)
          if (value === undefined) return undefined
          found.value = value
        } else if (bytes) found.value = Buffer.byteLength(line)
        return found
      }
    },
    seriesOf: (line) => group(line, { groups: new Set(groups), without, noLabels }),
  }
}

interface Groups {
  groups: ReadonlySet<string>
  without: boolean
  noLabels: boolean
}

function group(labels: LineLabels, { groups, without, noLabels }: Groups): Labels {
  // An error must not get lost in the grouping.
  if (labels.error !== '') return sorted(labels.all())
  if (noLabels) return []
  if (groups.size === 0) return sorted(labels.all())
  if (without) return sorted(labels.all().filter(([name]) => !groups.has(name) && name !== ERROR_DETAILS_LABEL))
  const taken: [string, string][] = []
  for (const name of groups) {
    const value = labels.get(name)
    if (value !== undefined) taken.push([name, value])
  }
  return sorted(taken)
}

interface Unwrapping {
  label: string
  uses: string[]
  early: EarlyFilter[]
  /** Undefined for a line that gives no sample. */
  read(labels: LineLabels): number | undefined
}

function compileUnwrap({ unwrap }: LogRange): Unwrapping | undefined {
  if (unwrap === undefined) return undefined
  const filters = unwrap.filters.map(compileLabelFilter)
  const convert = conversionOf(unwrap.conversion)
  return {
    label: unwrap.label,
    uses: filters.flatMap((f) => f.uses),
    early: filters.length === 1 && filters[0]!.early !== undefined ? [filters[0]!.early] : [],
    read(labels) {
      const text = labels.get(unwrap.label)
      // Lines without the label are nothing unusual.
      if (text === undefined || text === '') return undefined
      const parsed = convert(text)
      if ('error' in parsed) labels.fail('SampleExtractionErr', parsed.error)
      for (const { passes } of filters) if (!passes(labels)) return undefined
      return 'value' in parsed ? parsed.value : 0
    },
  }
}

function conversionOf(
  conversion: 'bytes' | 'duration' | 'duration_seconds' | undefined,
): (t: string) => Parsed<number> {
  if (conversion === undefined) return parseFloat64
  if (conversion === 'bytes') return parseByteSize
  return (text) => {
    const parsed = parseGoDuration(text)
    return 'error' in parsed ? parsed : { value: Number(parsed.value) / 1e9 }
  }
}
