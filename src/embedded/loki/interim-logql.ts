import { QueryError } from '../../errors.ts'
import { sortedLabels } from './labels.ts'
import type { LogExpression } from './logql/ast.ts'
import type { GroupLines, Logql, Query } from './logql/logql.ts'
import { createParser } from './logql/parse.ts'
import type { ResultLine, ResultStream } from './logql/results.ts'
import type { Entry, Labels } from './logql/source.ts'

/** Stream selectors alone, until the language's evaluator is there. */
export function interimLogql(): Logql {
  const parser = createParser()
  const parse = (text: string): Query => {
    const expression = parser(text)
    if (expression.node !== 'logs' || expression.stages.length > 0) {
      throw new QueryError('parse error : only stream selectors are understood yet', text, 0, text.length)
    }
    return { text, kind: 'logs', expression, selectors: [expression] }
  }
  const line = (labels: Labels, { nanos, line, metadata }: Entry): ResultLine => ({
    nanos,
    line,
    stream: labels,
    structuredMetadata: metadata,
    parsed: [],
  })
  return {
    parse,
    parseMatchers: (text) => (parse(text).expression as LogExpression).matchers,
    format: (text) => text,
    instant: () => Promise.reject(new Error('not yet')),
    async range({ query, source, startNanos, endNanos, direction = 'backward', limit = 100 }) {
      const { matchers } = query.selectors[0]!
      const lines: ResultLine[] = []
      for (const stream of source.select({ matchers, startNanos, endNanos, direction, contains: [] })) {
        let count = 0
        for (const entry of stream.entries()) {
          if (count++ >= limit) break
          lines.push(line(stream.labels, entry))
        }
      }
      lines.sort((a, b) => Number(a.nanos - b.nanos) * (direction === 'forward' ? 1 : -1))
      return {
        type: 'streams',
        lines: lines.slice(0, limit),
        statistics: { linesProcessed: lines.length, bytesProcessed: 0, linesFound: lines.length },
      }
    },
    pipeline: (query) => ({
      matchers: query.selectors[0]!.matchers,
      parses: false,
      forStream: (labels) => (entry) => line(labels, entry),
    }),
  }
}

export const groupLines: GroupLines = (lines, categorize) => {
  const streams = new Map<string, ResultStream>()
  for (const one of lines) {
    const labels = categorize ? one.stream : sortedLabels([...one.stream, ...one.structuredMetadata])
    const key = JSON.stringify(labels)
    const stream = streams.get(key) ?? { labels, lines: [] }
    stream.lines.push(one)
    streams.set(key, stream)
  }
  return [...streams.values()]
}
