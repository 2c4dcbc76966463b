import type { Result, ResultLine, ResultSeries, ResultStream, Statistics } from '../logql/results.ts'
import type { Labels } from '../logql/source.ts'

const object = (labels: Labels) => Object.fromEntries(labels)

/** Seconds with at most three digits, as Prometheus and Loki print sample times. */
const seconds = (nanos: bigint) => Number(nanos / 1_000_000n) / 1000

/** Go's strconv.FormatFloat(v, 'f', -1, 64): never an exponent. */
export function sampleValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  if (!text.includes('e')) return text
  const [mantissa = '', exponent = '0'] = text.split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}

/** `data` of a query's answer. `categorized` is what the client asked for by X-Loki-Response-Encoding-Flags. */
export function resultData(
  result: Result,
  group: (lines: readonly ResultLine[], categorize: boolean) => ResultStream[],
  categorized: boolean,
  seconds: number,
): Record<string, unknown> {
  return {
    resultType: result.type,
    ...(categorized ? { encodingFlags: ['categorize-labels'] } : {}),
    result: resultValue(result, group, categorized),
    stats: statistics(result.statistics, seconds, entriesOf(result)),
  }
}

function resultValue(
  result: Result,
  group: (lines: readonly ResultLine[], categorize: boolean) => ResultStream[],
  categorized: boolean,
): unknown {
  if (result.type === 'streams') return streamsValue(group(result.lines, categorized), categorized)
  if (result.type === 'scalar') return [seconds(result.nanos), sampleValue(result.value)]
  return result.series.map((series) => seriesValue(series, result.type))
}

function seriesValue({ labels, points }: ResultSeries, type: 'vector' | 'matrix') {
  const values = points.map(({ nanos, value }) => [seconds(nanos), sampleValue(value)])
  return type === 'vector' ? { metric: object(labels), value: values[0] } : { metric: object(labels), values }
}

/** As query_range and tail answer them. */
export function streamsValue(streams: readonly ResultStream[], categorized: boolean) {
  return streams.map(({ labels, lines }) => ({
    stream: object(labels),
    values: lines.map((line) =>
      categorized ? [String(line.nanos), line.line, categories(line)] : [String(line.nanos), line.line],
    ),
  }))
}

function categories({ structuredMetadata, parsed }: ResultLine) {
  return {
    ...(structuredMetadata.length > 0 ? { structuredMetadata: object(structuredMetadata) } : {}),
    ...(parsed.length > 0 ? { parsed: object(parsed) } : {}),
  }
}

function entriesOf(result: Result): number {
  if (result.type === 'streams') return result.lines.length
  return result.type === 'scalar' ? 1 : result.series.length
}

const CACHE = {
  entriesFound: 0,
  entriesRequested: 0,
  entriesStored: 0,
  bytesReceived: 0,
  bytesSent: 0,
  requests: 0,
  downloadTime: 0,
  queryLengthServed: 0,
}

const CHUNK = {
  headChunkBytes: 0,
  headChunkLines: 0,
  decompressedBytes: 0,
  decompressedLines: 0,
  compressedBytes: 0,
  totalDuplicates: 0,
  postFilterLines: 0,
  headChunkStructuredMetadataBytes: 0,
  decompressedStructuredMetadataBytes: 0,
}

const STORE = {
  totalChunksRef: 0,
  totalChunksDownloaded: 0,
  chunksDownloadTime: 0,
  queryReferencedStructuredMetadata: false,
  queryUsedV2Engine: false,
  chunk: CHUNK,
  chunkRefsFetchTime: 0,
  congestionControlLatency: 0,
  pipelineWrapperFilteredLines: 0,
}

/** The stats block in Loki's shape. What has no meaning here (caches, shards, splits) stays 0. */
export function statistics(of: Statistics, seconds: number, returned: number) {
  const { linesProcessed, bytesProcessed, linesFound } = of
  const perSecond = (count: number) => (seconds > 0 ? Math.round(count / seconds) : 0)
  const chunk = {
    ...CHUNK,
    decompressedBytes: bytesProcessed,
    decompressedLines: linesProcessed,
    postFilterLines: linesFound,
  }
  return {
    summary: {
      bytesProcessedPerSecond: perSecond(bytesProcessed),
      linesProcessedPerSecond: perSecond(linesProcessed),
      totalBytesProcessed: bytesProcessed,
      totalLinesProcessed: linesProcessed,
      execTime: seconds,
      queueTime: 0,
      subqueries: 0,
      totalEntriesReturned: returned,
      splits: 0,
      shards: 0,
      totalPostFilterLines: linesFound,
      totalStructuredMetadataBytesProcessed: 0,
    },
    querier: { store: STORE, querierExecTime: 0 },
    ingester: {
      totalReached: 1,
      totalChunksMatched: 0,
      totalBatches: 0,
      totalLinesSent: 0,
      store: { ...STORE, chunk },
    },
    cache: {
      chunk: CACHE,
      index: CACHE,
      result: CACHE,
      statsResult: CACHE,
      volumeResult: CACHE,
      seriesResult: CACHE,
      labelResult: CACHE,
      instantMetricResult: CACHE,
      logResult: CACHE,
    },
    index: {
      totalChunks: 0,
      postFilterChunks: 0,
      shardsDuration: 0,
      usedBloomFilters: false,
      totalStreams: 0,
      chunkRefsLookupTime: 0,
      bloomFilterTime: 0,
    },
  }
}

export const NO_STATISTICS: Statistics = { linesProcessed: 0, bytesProcessed: 0, linesFound: 0 }
