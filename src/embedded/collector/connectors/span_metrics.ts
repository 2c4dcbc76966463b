import type { Signal } from '../../../otlp/types.ts'
import type { Build, Consume, Consumer, Payload } from '../component.ts'
import { createMadeOf } from '../delivery.ts'
import { createAggregate } from './span_metrics/aggregate.ts'

/** Makes metrics of spans: how many calls, how long they took. Sent on every `metrics_flush_interval`. */
export function createSpanMetrics(build: Build, _from: Signal, _to: Signal, next: Consume): Consumer {
  const { config, logger, instanceId } = build
  const aggregate = createAggregate(config.settings, instanceId)
  const from = createMadeOf()
  let timer: NodeJS.Timeout | undefined
  const flush = async () => {
    const data = aggregate.flush(Date.now())
    if (data.length === 0) return
    try {
      await next({ signal: 'metrics', data, delivery: from.delivery() })
    } catch (error) {
      logger.error('Failed ConsumeMetrics', { error: (error as Error).message })
    }
  }
  return {
    start() {
      logger.info('Starting spanmetrics connector')
      timer = setInterval(() => void flush(), config.settings.metrics_flush_interval || 60_000)
    },
    consume(payload) {
      from.add(payload.delivery)
      aggregate.add((payload as Extract<Payload, { signal: 'traces' }>).data, Date.now())
      payload.delivery.release()
    },
    stop() {
      logger.info('Shutting down spanmetrics connector')
      clearInterval(timer)
    },
  }
}
