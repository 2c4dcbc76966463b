import { ALL_SIGNALS, type ComponentDefinition } from '../component.ts'
import { oneOf, string, struct } from '../schema.ts'
import { httpClient } from '../shared/http.ts'
import { retryOnFailure, sendingQueue } from '../shared/sending.ts'

const ENDPOINTS = ['endpoint', 'traces_endpoint', 'metrics_endpoint', 'logs_endpoint', 'profiles_endpoint']

export const otlpHttpExporter: ComponentDefinition = {
  kind: 'exporter',
  type: 'otlp_http',
  alias: { type: 'otlphttp', since: '0.144.0' },
  signals: ALL_SIGNALS,
  schema: struct(
    'otlphttpexporter.Config',
    {
      ...httpClient(),
      sending_queue: sendingQueue('on'),
      retry_on_failure: retryOnFailure(),
      traces_endpoint: string(),
      metrics_endpoint: string(),
      logs_endpoint: string(),
      profiles_endpoint: string(),
      encoding: oneOf(['proto', 'json'], 'proto', (text) => `invalid encoding type: ${text}`),
    },
    function* (e) {
      if (ENDPOINTS.every((key) => e[key] === '')) {
        const hint = 'write where to send to, such as endpoint: http://loki:3100/otlp'
        yield { message: 'at least one endpoint must be specified', hint }
      }
      for (const key of ENDPOINTS) {
        if (e[key] !== '' && !/^https?:\/\//.test(e[key])) {
          const message = `${key} ${JSON.stringify(e[key])} has no http:// or https:// in front, so nothing can be sent to it`
          yield { severity: 'warning', message, key: [key], hint: `write ${key}: http://${e[key]}` }
        }
      }
      if (e.endpoint.includes('/loki/api/v1/push')) {
        const message = `endpoint ${JSON.stringify(e.endpoint)} is Loki's own push API, which takes no OTLP`
        const hint = `write endpoint: ${e.endpoint.replace('/loki/api/v1/push', '/otlp')}`
        yield { severity: 'warning', message, key: ['endpoint'], hint }
      }
    },
  ),
}
