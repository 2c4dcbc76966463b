import type { Answer } from './ask.ts'

/** What really happened, by what the runs themselves printed and the collector's plain counters. */
export interface Truth {
  files: number
  failed: number
  /** Of the collector, by signal. */
  accepted: Record<string, number>
  exporters: Record<string, string>
}

/** What a query's answer must be; undefined when it is, else what is wrong with it. */
type Check = (answer: Answer, truth: Truth) => string | undefined

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
const last = ({ values }: { values: number[] }) => values.at(-1) ?? Number.NaN
const of = (answer: Answer, label: string, value: string) => answer.series.find(({ labels }) => labels[label] === value)

const is = (what: string, seen: number | undefined, wanted: number) =>
  seen !== undefined && seen === wanted ? undefined : `${what} is ${seen}, and ${wanted} would be right`
const first = (...problems: (string | undefined)[]) => problems.find((one) => one !== undefined)
const within = (what: string, answer: Answer, low: number, high: number) => {
  const all = answer.series.flatMap(({ values }) => values)
  if (all.length === 0) return `${what} is empty`
  const bad = all.find((value) => !(value >= low && value <= high))
  return bad === undefined ? undefined : `${what} is ${bad}, which is not between ${low} and ${high}`
}

/** Bars that add up: over the range they come to as much as there was. */
const addsUpTo = (what: string, series: { values: number[] } | undefined, wanted: number) =>
  is(what, series && sum(series.values), wanted)

const accepted =
  (signal: string): Check =>
  (answer, truth) =>
    addsUpTo('what was accepted', answer.series[0], truth.accepted[signal]!)
/** One line for each exporter, each as high as what came in: so a second one hides nothing. */
const sent =
  (signal: string): Check =>
  (answer, truth) => {
    if (answer.series.some(({ labels }) => labels.exporter === undefined)) return 'it adds up several exporters'
    const series = of(answer, 'exporter', truth.exporters[signal]!)
    return addsUpTo(`what ${truth.exporters[signal]} sent`, series, truth.accepted[signal]!)
  }
const nothing: Check = (answer) => addsUpTo('what was lost', answer.series[0], 0)

/** By panel and query. A query that has none fails: nobody would notice that it shows nothing. */
export const CHECKS: Record<string, Record<string, Check>> = {
  Files: {
    A: (answer, { files, failed }) =>
      first(
        is(
          'the number of failed files',
          sum(answer.series.filter(({ labels }) => labels.status !== 'success').map(last)),
          failed,
        ),
        is('the number of files', sum(answer.series.map(last)), files),
      ),
  },
  Failed: {
    A: (answer, { files, failed }) => is('the share', answer.series[0] && last(answer.series[0]), failed / files),
  },
  'New files': {
    A: (answer, { files, failed }) =>
      first(
        is('the sum of all bars', sum(answer.series.flatMap(({ values }) => values)), files),
        addsUpTo('the sum of the failed', of(answer, 'status', 'failed'), failed),
      ),
  },
  'Duration of a file': {
    A: (answer) => within('p50', answer, 0.001, 600),
    B: (answer) =>
      first(
        within('p95', answer, 0.001, 600),
        answer.exemplars.some((id) => /^[0-9a-f]{32}$/.test(id)) ? undefined : 'there is no exemplar with a trace',
      ),
  },
  Traces: {
    A: (answer, { files }) => is('the number of traces', new Set(answer.texts).size, Math.min(20, files)),
  },
  Steps: {
    A: (answer, { files }) =>
      is('how often process_file ran', of(answer, 'span_name', 'process_file')?.values[0], files),
    B: (answer, { failed }) =>
      is('how often process_file failed', of(answer, 'span_name', 'process_file')?.values[0], failed),
    C: (answer) => within('p95 of a step', answer, 0.0001, 600),
  },
  Logs: {
    A: ({ texts }, { files }) =>
      first(
        texts.length < files ? `${texts.length} lines of ${files} files` : undefined,
        texts.some((line) => line.startsWith('{')) ? 'lines are raw JSON' : undefined,
        texts.some((line) => /^Processing completed {2}\//.test(line))
          ? undefined
          : 'no line says that a file was done',
      ),
  },
  Spans: { A: accepted('spans'), B: sent('spans'), C: nothing, D: nothing },
  'Metric points': { A: accepted('metric_points'), B: sent('metric_points'), C: nothing },
  'Log records': { A: accepted('log_records'), B: sent('log_records'), C: nothing },
  Queue: { A: (answer) => within('the part of the queue that is full', answer, 0, 1) },
  Memory: {
    A: (answer) => within('resident memory', answer, 1e6, 1e11),
    B: (answer) => within('the heap', answer, 1e5, 1e11),
  },
  Scrapes: { A: (answer) => first(within('up', answer, 1, 1), is('the number of pages', answer.series.length, 2)) },
}
