import { sorted } from './pipeline/labels.ts'
import type { ResultLine, ResultStream } from './results.ts'
import type { Labels } from './source.ts'

function allLabels({ stream, structuredMetadata, parsed }: ResultLine): Labels {
  if (structuredMetadata.length === 0 && parsed.length === 0) return stream
  return sorted([...stream, ...structuredMetadata, ...parsed])
}

/**
 * Gathers lines into Loki's streams, sorted by their labels: by all labels, or by the stream's alone when the client
 * asks for the labels in categories.
 */
export function groupLines(lines: readonly ResultLine[], categorize: boolean): ResultStream[] {
  const streams = new Map<string, ResultStream>()
  for (const line of lines) {
    const labels = categorize ? line.stream : allLabels(line)
    const key = JSON.stringify(labels)
    const stream = streams.get(key)
    if (stream === undefined) streams.set(key, { labels, lines: [line] })
    else stream.lines.push(line)
  }
  return [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stream]) => stream)
}
