import type { Limits } from '../config/limits.ts'
import { labelsText, sortedLabels } from '../labels.ts'
import type { Entry, Labels } from '../logql/source.ts'
import type { LabelNamer } from './label-name.ts'
import { detectLevel, LEVEL_LABEL, normalizeLevel } from './level.ts'
import type { PushedEntry, PushedStream } from './otlp.ts'

/** A stream of a push that passed, its entries as they will be stored. */
export interface CheckedStream {
  labels: Labels
  entries: Entry[]
}

/** Why lines of a push were refused, by Loki's name for the reason. */
export interface Discarded {
  reason: string
  message: string
  entries: number
  bytes: number
}

const MILLION = 1_000_000n

/**
 * What Loki's distributor does with a push: checks each stream's labels and each line, names and sorts the structured
 * metadata, finds the level. Throws Error when metadata has a name that cannot be made a label.
 */
export function checkPush(
  streams: readonly PushedStream[],
  limits: Limits,
  name: LabelNamer,
  nowMs: number,
): { passed: CheckedStream[]; refused: Discarded[] } {
  const passed: CheckedStream[] = []
  const refused: Discarded[] = []
  for (const stream of streams) {
    if (stream.entries.length === 0) continue
    const labels = sortedLabels(stream.labels)
    const fault = labelFault(labels, stream.text, limits)
    if (fault !== undefined) {
      const bytes = stream.entries.reduce((sum, entry) => sum + pushedSize(entry), 0)
      refused.push({ ...fault, entries: stream.entries.length, bytes })
      continue
    }
    const entries: Entry[] = []
    for (const pushed of stream.entries) {
      const entry = truncated(pushed, limits)
      const wrong = entryFault(entry, labels, limits, nowMs)
      if (wrong !== undefined) refused.push({ ...wrong, entries: 1, bytes: pushedSize(entry) })
      else entries.push(stored(entry, labels, limits, name))
    }
    if (limits.incrementDuplicateTimestamp) spread(entries)
    if (entries.length > 0) passed.push({ labels, entries })
  }
  return { passed, refused }
}

function pushedSize({ line, metadata }: PushedEntry): number {
  return Buffer.byteLength(line) + metadataSize(metadata)
}

function metadataSize(metadata: PushedEntry['metadata']): number {
  let size = 0
  for (const [name, value] of metadata) size += Buffer.byteLength(name) + Buffer.byteLength(value)
  return size
}

/** UTF-16 units; a third of what it can be in bytes at most, and quick to count. */
function unitsOf(metadata: PushedEntry['metadata']): number {
  let units = 0
  for (const [name, value] of metadata) units += name.length + value.length
  return units
}

type Fault = Pick<Discarded, 'reason' | 'message'>

function labelFault(labels: Labels, text: string, limits: Limits): Fault | undefined {
  if (labels.length === 0) {
    return { reason: 'missing_labels', message: 'error at least one label pair is required per stream' }
  }
  // service_name is added by Loki itself and does not count.
  const count = labels.length - (labels.some(([name]) => name === 'service_name') ? 1 : 0)
  if (count > limits.maxLabelNamesPerSeries) {
    const message = `entry for stream '${text}' has ${count} label names; limit ${limits.maxLabelNamesPerSeries}`
    return { reason: 'max_label_names_per_series', message }
  }
  for (const [name, value] of labels) {
    if (Buffer.byteLength(name) > limits.maxLabelNameLength) {
      return { reason: 'label_name_too_long', message: `stream '${text}' has label name too long: '${name}'` }
    }
    if (Buffer.byteLength(value) > limits.maxLabelValueLength) {
      return { reason: 'label_value_too_long', message: `stream '${text}' has label value too long: '${value}'` }
    }
  }
  return undefined
}

function truncated(entry: PushedEntry, limits: Limits): PushedEntry {
  const { maxLineSize, maxLineSizeTruncate, maxLineSizeTruncateIdentifier: suffix } = limits
  if (!maxLineSizeTruncate || maxLineSize === 0 || Buffer.byteLength(entry.line) <= maxLineSize) return entry
  const to = maxLineSize - Buffer.byteLength(suffix)
  if (to <= 0) return entry
  return { ...entry, line: Buffer.from(entry.line).toString('utf8', 0, to) + suffix }
}

function entryFault(entry: PushedEntry, labels: Labels, limits: Limits, nowMs: number): Fault | undefined {
  const { nanos, line, metadata } = entry
  const now = BigInt(nowMs) * MILLION
  const oldest = now - BigInt(Math.round(limits.rejectOldSamplesMaxAge)) * MILLION
  if (limits.rejectOldSamples && nanos < oldest) {
    const message = `entry for stream '${labelsText(labels)}' has timestamp too old: ${rfc3339(nanos)}, oldest acceptable timestamp is: ${rfc3339(oldest)}`
    return { reason: 'greater_than_max_sample_age', message }
  }
  if (nanos > now + BigInt(Math.round(limits.creationGracePeriod)) * MILLION) {
    const message = `entry for stream '${labelsText(labels)}' has timestamp too new: ${rfc3339(nanos)}`
    return { reason: 'too_far_in_future', message }
  }
  const size = Buffer.byteLength(line)
  if (limits.maxLineSize !== 0 && size > limits.maxLineSize) {
    const message = `max entry size '${limits.maxLineSize}' bytes exceeded for stream '${labelsText(labels)}' while adding an entry with length '${size}' bytes`
    return { reason: 'line_too_long', message }
  }
  return metadata.length === 0 ? undefined : metadataFault(metadata, labels, limits)
}

function metadataFault(metadata: PushedEntry['metadata'], labels: Labels, limits: Limits): Fault | undefined {
  const { maxStructuredMetadataSize: maxSize, maxStructuredMetadataCount: maxCount } = limits
  const size = maxSize !== 0 && 3 * unitsOf(metadata) > maxSize ? metadataSize(metadata) : 0
  const tooMany = maxCount !== 0 && metadata.length > maxCount
  if (limits.allowStructuredMetadata && size <= maxSize && !tooMany) return undefined
  const stream = labelsText(labels)
  if (!limits.allowStructuredMetadata) {
    const message = `stream '${stream}' includes structured metadata, but this feature is disallowed. Please see \`limits_config.allow_structured_metadata\` or contact your Loki administrator to enable it`
    return { reason: 'disallowed_structured_metadata', message }
  }
  if (size > maxSize) {
    const message = `stream '${stream}' has structured metadata too large: '${size}' bytes, limit: '${maxSize}' bytes. Please see \`limits_config.max_structured_metadata_size\` or contact your Loki administrator to increase it`
    return { reason: 'structured_metadata_too_large', message }
  }
  const message = `stream '${stream}' has too many structured metadata labels: '${metadata.length}', limit: '${maxCount}'. Please see \`limits_config.max_structured_metadata_entries_count\` or contact your Loki administrator to increase it`
  return { reason: 'structured_metadata_too_many', message }
}

/** Times of a year past 9999 or before 0 exist in an int64 of nanoseconds only on paper; Date covers them all. */
export function rfc3339(nanos: bigint): string {
  return new Date(Number(nanos / MILLION)).toISOString().replace(/\.\d+Z$/, 'Z')
}

function stored({ nanos, line, metadata }: PushedEntry, stream: Labels, limits: Limits, name: LabelNamer): Entry {
  let sorted = sortedLabels(metadata.map((pair) => normalized(pair, name)))
  if (!limits.allowStructuredMetadata || !limits.discoverLogLevels) return { nanos, line, metadata: sorted }
  const given = sorted.find(([key]) => key === LEVEL_LABEL)?.[1]
  const level =
    given === undefined
      ? detectLevel(stream, sorted, line, { fields: limits.logLevelFields, jsonDepth: limits.logLevelJsonDepth })
      : normalizeLevel(given)
  if (level !== '' && level !== given) {
    sorted = sortedLabels([...sorted.filter(([key]) => key !== LEVEL_LABEL), [LEVEL_LABEL, level]])
  }
  return { nanos, line, metadata: sorted }
}

/** A label's name; bytes that were no UTF-8 become spaces. The pair itself when nothing changes, so that lines share it. */
function normalized(pair: readonly [string, string], name: LabelNamer): readonly [string, string] {
  const label = name(pair[0])
  const broken = pair[1].includes('\ufffd')
  if (label === pair[0] && !broken) return pair
  return [label, broken ? pair[1].replaceAll('\ufffd', ' ') : pair[1]]
}

/** limits_config.increment_duplicate_timestamp: a nanosecond apart, unless it is the same line. */
function spread(entries: Entry[]): void {
  let previous = entries[0]?.nanos
  for (let i = 1; i < entries.length; i++) {
    const before = entries[i - 1]!
    const entry = entries[i]!
    if (before.line !== entry.line && (entry.nanos === previous || entry.nanos === before.nanos)) {
      entries[i] = { ...entry, nanos: before.nanos + 1n }
    } else previous = entry.nanos
  }
}
