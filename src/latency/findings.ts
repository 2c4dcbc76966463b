import type { Account, Finding, HopRow } from './hop.ts'

const TOLERANCE_MS = 30
/** Of work that no setting prescribes, what is still nothing to speak of. */
const WORK_MS = 150

export function findingsOf({ whole, hops, budget }: Omit<Account, 'findings'>): Finding[] {
  const slack = (expected: number) => Math.max(TOLERANCE_MS, 0.1 * expected, 2 * whole.errorMs)
  return hops.flatMap((row): Finding[] => {
    if (row.known === 'predicted') return []
    if (row.known === 'unexplained') {
      const off = Math.abs(row.mean) > Math.max(WORK_MS, 0.5 * budget.mean)
      return off ? [found(row, 0, 'nobody looked inside; the configs do not account for it')] : []
    }
    const { budget: own } = row
    if (own === undefined) {
      const much = row.mean > Math.max(WORK_MS, 0.1 * whole.mean)
      return much ? [found(row, 0, row.said ? `it was tried again: ${row.said}` : CAUSES[kindOf(row.key)]!)] : []
    }
    if (row.mean > own.max + slack(own.max)) return [found(row, own.max, tooLong(row))]
    if (row.mean < own.min - slack(own.min)) return [found(row, own.min, TOO_SHORT[kindOf(row.key)]!)]
    return []
  })
}

const found = ({ key, mean }: HopRow, expected: number, cause: string): Finding => ({ hop: key, mean, expected, cause })
const kindOf = (key: string) => key.split('/')[0]!

const CAUSES: Record<string, string> = {
  sdk: 'the program sends later than it should: a busy machine, or a flush that does not come',
  send: 'the collector, or the way to it, is busy',
  receiver: 'the collector takes its time to let it in: it is busy, or what follows pushes back',
  receive: 'the collector takes its time: a busy machine, or what follows pushes back',
  processor: 'this processor keeps it, though no setting says so',
  connector: 'this connector keeps it, though no setting says so',
  exporter: 'the backend takes its time to answer, or the queue in front of it is long',
  ingest: 'the backend has it and does not show it yet',
  cut: 'Tempo has it and does not show it to a search yet',
  scrape: 'Prometheus has not come to fetch it',
  tail: "Loki's tail gathers lines before it tells of them",
  query: 'the backend is slow to answer',
}

const tooLong = (row: HopRow): string => {
  if (row.said) return `it was tried again: ${row.said}`
  if (row.key === 'cut')
    return 'the trace was not idle for so long (more spans came), a query_end_cutoff, or a busy machine'
  if (row.key === 'scrape') return 'scrapes fail or are late: otel-lab doctor'
  if (row.key === 'sdk') return 'the program flushes later than its settings say, or it is busy'
  return 'a busy machine, or the far end is slow and what is in front of it waits'
}

const TOO_SHORT: Record<string, string> = {
  sdk: 'the program flushes by itself, at its end for one',
  processor: 'the batch was full before its time, or the running config is another',
  exporter: 'the batch was full before its time, or the running config is another',
  cut: 'the running config is another, or max_trace_live came first',
  scrape: 'Prometheus comes more often than the config says',
}
