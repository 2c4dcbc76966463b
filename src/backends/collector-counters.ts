import type { Signal } from '../util/signal.ts'
import { table } from '../util/table.ts'
import type { PageSample } from './exposition.ts'

export type { Signal } from '../util/signal.ts'

/** What one component of the collector counted for one signal since it started. */
export interface CollectorCounter {
  kind: 'receiver' | 'processor' | 'exporter'
  /** As in the config, such as `otlp_grpc/tempo`. */
  id: string
  signal: Signal
  /** Receivers: taken in. Processors: came in. */
  accepted: number
  /** Receivers: turned away by what follows them, such as the memory limiter. Processors: turned away themselves. */
  refused: number
  /** Processors: went on. Exporters: the backend acknowledged them. */
  sent: number
  /** Receivers: broken requests. Exporters: given up. */
  failed: number
  /** Exporters: did not fit into the sending queue. */
  enqueueFailed: number
  /** Exporters: batches that wait to be sent. */
  queued: number
  /** Processors: dropped on purpose by a filter. */
  filtered: number
}

type Field = Exclude<keyof CollectorCounter, 'kind' | 'id' | 'signal'>

const WORDS: Record<string, Signal> = table({
  spans: 'traces',
  traces: 'traces',
  metric_points: 'metrics',
  metrics: 'metrics',
  datapoints: 'metrics',
  log_records: 'logs',
  logs: 'logs',
})

// `otelcol_exporter_sent_spans`, with or without the suffix that OpenMetrics and the newer readers add.
const NAME =
  /^otelcol_(receiver|processor|exporter)_(accepted|refused|sent|failed|send_failed|enqueue_failed|dropped|filter)_(spans|metric_points|datapoints|log_records|logs)(?:[._]filtered)?(?:_total)?$/
const ITEMS = /^otelcol_(processor)_(incoming|outgoing)_items(?:_total)?$/
const QUEUE = /^otelcol_(exporter)_queue_size$/

const FIELDS: Record<string, Field> = table({
  accepted: 'accepted',
  incoming: 'accepted',
  refused: 'refused',
  sent: 'sent',
  outgoing: 'sent',
  failed: 'failed',
  send_failed: 'failed',
  enqueue_failed: 'enqueueFailed',
  dropped: 'filtered',
  filter: 'filtered',
})

/** The collector's own counters (opentelemetry.io/docs/collector/internal-telemetry), one a component and signal. */
export function readCounters(samples: readonly PageSample[]): CollectorCounter[] {
  const counters = new Map<string, CollectorCounter>()
  for (const { name, labels, value } of samples) {
    const named = NAME.exec(name)
    const counted = named ?? ITEMS.exec(name) ?? QUEUE.exec(name)
    if (counted === null) continue
    const kind = counted[1] as CollectorCounter['kind']
    // A filter's own count names it otherwise.
    const id = labels[kind] ?? labels.filter ?? ''
    const signal = WORDS[named?.[3] ?? labels.otel_signal ?? labels.otelcol_signal ?? labels.data_type ?? '']
    const field = counted[2] === undefined ? 'queued' : FIELDS[counted[2]]
    if (signal === undefined || field === undefined) continue
    const key = `${kind} ${id} ${signal}`
    const counter = counters.get(key) ?? newCounter(kind, id, signal)
    counters.set(key, counter)
    // One receiver counts apart what came by gRPC and by HTTP.
    counter[field] += value
  }
  return [...counters.values()]
}

const newCounter = (kind: CollectorCounter['kind'], id: string, signal: Signal): CollectorCounter => ({
  kind,
  id,
  signal,
  ...{ accepted: 0, refused: 0, sent: 0, failed: 0, enqueueFailed: 0, queued: 0, filtered: 0 },
})

/** What a component counted for a signal; undefined where it counted nothing. */
export const counterOf = (
  counters: readonly CollectorCounter[] | undefined,
  kind: CollectorCounter['kind'],
  id: string,
  signal: Signal,
) => counters?.find((one) => one.kind === kind && one.id === id && one.signal === signal)

/** Items that an exporter will not try again. */
export const givenUp = ({ failed, enqueueFailed }: Pick<CollectorCounter, 'failed' | 'enqueueFailed'>) =>
  failed + enqueueFailed

/** Items that a receiver did not take in, whoever's fault it was. */
export const turnedAway = ({ refused, failed }: Pick<CollectorCounter, 'refused' | 'failed'>) => refused + failed

/** What was counted between two readings. A collector that was restarted meanwhile counts from zero again. */
export function countersSince(
  before: readonly CollectorCounter[],
  after: readonly CollectorCounter[],
): CollectorCounter[] {
  return after.map((now) => {
    const then = counterOf(before, now.kind, now.id, now.signal)
    const since = (field: Field) => (then && now[field] >= then[field] ? now[field] - then[field] : now[field])
    return {
      ...now,
      accepted: since('accepted'),
      refused: since('refused'),
      sent: since('sent'),
      failed: since('failed'),
      enqueueFailed: since('enqueueFailed'),
      filtered: since('filtered'),
    }
  })
}
