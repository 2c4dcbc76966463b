import type { Signal } from '../../../otlp/types.ts'
import { type Build, type Consumer, itemCount, type Payload } from '../component.ts'
import { createSampler } from '../logger.ts'
import { createSender } from '../sending/sender.ts'
import { detailedLogs, detailedMetrics, detailedTraces } from './debug/detailed.ts'
import { normalLogs, normalMetrics, normalTraces } from './debug/normal.ts'

const HEADLINES: Record<Signal, string> = { traces: 'Traces', metrics: 'Metrics', logs: 'Logs' }

/**
 * Prints what passes, in the real one's text. Its own sampling (`sampling_initial` of a message a second, then
 * every `sampling_thereafter`-th) comes before that of the collector's log.
 */
export function createDebug(build: Build, signal: Signal): Consumer {
  const { config, logger } = build
  const s = config.settings
  const { sampling_initial: initial, sampling_thereafter: thereafter } = s
  const keep = createSampler({ tickMs: 1_000, initial, thereafter })
  const write = s.use_internal_logger ? logger.info : logger.plain(s.output_paths ?? ['stdout'])
  const say = (message: string, fields?: Record<string, unknown>) => {
    if (keep(message, Date.now())) write(message, fields)
  }
  return createSender(build, signal, {
    queue: s.sending_queue,
    async push(payload) {
      say(HEADLINES[signal], counts(payload))
      if (s.verbosity !== 'basic') say(textOf(payload, s.verbosity === 'detailed'))
    },
  })
}

function counts(payload: Payload): Record<string, number> {
  const items = itemCount(payload)
  if (payload.signal === 'traces') return { 'resource spans': payload.data.length, spans: items }
  if (payload.signal === 'logs') return { 'resource logs': payload.data.length, 'log records': items }
  let metrics = 0
  for (const { scopes } of payload.data) for (const scope of scopes) metrics += scope.items.length
  return { 'resource metrics': payload.data.length, metrics, 'data points': items }
}

function textOf(payload: Payload, detailed: boolean): string {
  if (payload.signal === 'traces') return detailed ? detailedTraces(payload.data) : normalTraces(payload.data)
  if (payload.signal === 'logs') return detailed ? detailedLogs(payload.data) : normalLogs(payload.data)
  return detailed ? detailedMetrics(payload.data) : normalMetrics(payload.data)
}
