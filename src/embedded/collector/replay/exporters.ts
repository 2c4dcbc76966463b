import { requestToJson } from '../../../otlp/json.ts'
import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { MetricsData, Signal } from '../../../otlp/types.ts'
import type { Build, Consumer, Payload } from '../component.ts'
import { createAccumulator } from '../exporters/prometheus/accumulator.ts'
import { negotiate } from '../exporters/prometheus/escape.ts'
import { gather } from '../exporters/prometheus/gather.ts'
import { resourceLabels } from '../exporters/prometheus/resource-labels.ts'
import { settingsOf } from '../exporters/prometheus/settings.ts'
import { formatFamilies } from '../exporters/prometheus/text.ts'

export interface Exported {
  exporter: string
  signal: Signal
  /** As OTLP/JSON, and its bytes as protobuf. */
  json: unknown
  bytes: number
}

/** Prometheus' own request. */
const ACCEPT =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.1'

/** Exporters that keep what they are given. */
export function createCounters() {
  const exported: Exported[] = []
  const pages: (() => { exporter: string; text: string })[] = []

  function page({ config, logger }: Build): Consumer {
    const s = config.settings
    const settings = settingsOf(s, logger)
    const accumulator = createAccumulator(s.metric_expiration, logger)
    const convert = resourceLabels(s)
    pages.push(() => {
      const form = negotiate(ACCEPT, s.enable_open_metrics)
      const families = gather(accumulator.collect(), new Map(), settings, logger)
      return { exporter: config.id, text: formatFamilies(families, form) }
    })
    return {
      consume(payload) {
        keep(config.id, payload)
        accumulator.add(convert(payload.data as MetricsData))
      },
    }
  }
  const keep = (exporter: string, { signal, data }: Payload) => {
    const bytes = encodeRequest(signal, data as never).length
    exported.push({ exporter, signal, json: requestToJson(signal, data as never), bytes })
  }
  return {
    exported,
    pages: () => pages.map((read) => read()),
    exporter:
      (type: string) =>
      (build: Build): Consumer =>
        type === 'prometheus' ? page(build) : { consume: (payload) => keep(build.config.id, payload) },
  }
}
