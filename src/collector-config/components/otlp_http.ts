import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, oneOf, string, struct } from '../schema.ts'
import { absentExtensions, firstOf, queueProblems } from '../shared/absent.ts'
import { isGoUrl } from '../shared/go-url.ts'
import { compressionParamProblems, httpClient } from '../shared/http.ts'
import { retryOnFailure, sendingQueue } from '../shared/sending.ts'
import { tlsProblems } from '../shared/tls-start.ts'

const ENDPOINTS = ['endpoint', 'traces_endpoint', 'metrics_endpoint', 'logs_endpoint', 'profiles_endpoint'] as const

export const otlpHttpExporter = component({
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
      yield* compressionParamProblems(e)
      for (const key of ENDPOINTS) {
        if (e[key] !== '' && isGoUrl(e[key]) && !/^https?:\/\//.test(e[key])) {
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
  /** composeSignalURL */
  build: function* (e, signal) {
    const key = e[`${signal}_endpoint`] === '' ? 'endpoint' : (`${signal}_endpoint` as const)
    const hint = `write ${key}: http://, a host and a port, such as http://loki:3100/otlp`
    if (e[key] === '') yield { message: `either endpoint or ${signal}_endpoint must be specified` }
    else if (!isGoUrl(e[key])) yield { message: `${key} must be a valid URL`, key: [key], hint }
  },
  start: (e, files, running) =>
    firstOf(
      queueProblems(e.sending_queue, running),
      tlsProblems(e.tls, files, ['tls']),
      proxyProblem(e.proxy_url),
      absentExtensions(e, running, 'HTTP client'),
    ),
})

function* proxyProblem(url: string): Generator<Complaint> {
  if (url === '' || (isGoUrl(url) && /^([a-zA-Z][a-zA-Z0-9+.-]*:|\/)/.test(url))) return
  yield { message: `parse ${JSON.stringify(url)}: invalid URI for request`, key: ['proxy_url'] }
}
