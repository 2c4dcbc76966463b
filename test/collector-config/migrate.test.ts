import { describe, expect, it } from 'vitest'
import { migrateConfig, resolveConfig, unifiedDiff } from '../../src/collector-config.ts'

/** The lesson's config of old, with all that has gone since. */
const OLD = `# the collector of lesson 10
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 0.0.0.0:4317  # Accept from apps

processors:
  batch:
    timeout: 1s
    send_batch_size: 1024
  spanmetrics:
    metrics_exporter: prometheus
    latency_histogram_buckets: [100ms, 1s]
    dimensions:
      - name: http.method

exporters:
  otlp:
    endpoint: $TEMPO_HOST:4317
    tls:
      insecure: true
  prometheus:
    endpoint: 0.0.0.0:8889
  loki:
    endpoint: "http://loki:3100/loki/api/v1/push" # push
    default_labels_enabled: {exporter: false}
  logging: # see what flows
    loglevel: debug # all of it

extensions:
  memory_ballast: {size_mib: 64}
  health_check:

service:
  extensions: [memory_ballast, health_check]
  telemetry:
    metrics:
      address: 0.0.0.0:8888
  pipelines:
    traces:
      receivers: [otlp]
      processors: [spanmetrics, batch]
      exporters: [otlp, logging]
    metrics:
      receivers: [otlp]
      processors: [batch]
      exporters:
        - prometheus
        - logging
    logs:
      receivers: [otlp]
      processors: [batch]
      exporters: [loki]
`

describe('migrateConfig', () => {
  it('lifts an old config to one that resolves, line by line', () => {
    const { text, changes } = migrateConfig(OLD)
    expect(resolveConfig(text, { TEMPO_HOST: 'tempo' }).diagnostics).toEqual([])
    const moved = unifiedDiff(OLD, text, { from: 'old', to: 'new', context: 0 })
      .split('\n')
      .filter((line) => /^[-+](?![-+])/.test(line))
    expect(moved).toEqual([
      '-  spanmetrics:',
      '-    metrics_exporter: prometheus',
      '-    latency_histogram_buckets: [100ms, 1s]',
      '-    dimensions:',
      '-      - name: http.method',
      '-  otlp:',
      '-    endpoint: $TEMPO_HOST:4317',
      '+  otlp_grpc:',
      `+    endpoint: \${env:TEMPO_HOST}:4317`,
      '-  loki:',
      '-    endpoint: "http://loki:3100/loki/api/v1/push" # push',
      '-    default_labels_enabled: {exporter: false}',
      '-  logging: # see what flows',
      '-    loglevel: debug # all of it',
      '+  otlp_http/loki:',
      '+    endpoint: "http://loki:3100/otlp" # push',
      '+  debug: # see what flows',
      '+    verbosity: detailed # all of it',
      '-  memory_ballast: {size_mib: 64}',
      '-  extensions: [memory_ballast, health_check]',
      '+  extensions: [health_check]',
      '-      address: 0.0.0.0:8888',
      '+      readers: [{pull: {exporter: {prometheus: {host: "0.0.0.0", port: 8888}}}}]',
      '-      processors: [spanmetrics, batch]',
      '-      exporters: [otlp, logging]',
      '+      processors: [batch]',
      '+      exporters: [otlp_grpc, debug, span_metrics]',
      '-      receivers: [otlp]',
      '+      receivers: [otlp, span_metrics]',
      '-        - logging',
      '+        - debug',
      '-      exporters: [loki]',
      '+      exporters: [otlp_http/loki]',
      '+connectors:',
      '+  span_metrics:',
      '+    dimensions: [{"name":"http.method"}]',
      '+    histogram: {"unit":"ms","explicit":{"buckets":["100ms","1s"]}}',
    ])
    expect(changes.map(({ line, since }) => [line, since])).toEqual([
      [12, '0.96.0'],
      [19, '0.144.0'],
      [20, '0.107.0'],
      [25, '0.131.0'],
      [28, '0.111.0'],
      [32, '0.109.0'],
      [39, '0.123.0'],
    ])
    expect(changes[4]!.what).toContain('verbosity: detailed')
  })

  it('changes nothing the second time, and nothing in a config of today', () => {
    const { text } = migrateConfig(OLD)
    expect(migrateConfig(text)).toEqual({ text, changes: [] })
  })

  it('keeps an exporter of the new name apart', () => {
    const text =
      'exporters:\n  debug:\n  logging:\n    loglevel: warn\nservice: {pipelines: {traces: {exporters: [logging]}}}\n'
    expect(migrateConfig(text).text).toBe(
      'exporters:\n  debug:\n  debug/logging:\n    verbosity: basic\nservice: {pipelines: {traces: {exporters: [debug/logging]}}}\n',
    )
  })
})

it.each([
  ['$HOST:8888', '"${env:HOST}"', '8888'],
  ['${env:HOST}:$PORT', '"${env:HOST}"', '"${env:PORT}"'],
  ['0.0.0.0:${METRICS_PORT:-8889}', '"0.0.0.0"', '"${METRICS_PORT:-8889}"'],
  ['":8880"', '"0.0.0.0"', '8880'],
  ['"[::1]:8881"', '"::1"', '8881'],
])('the address %s keeps its variables, and what is said is what is done', (address, host, port) => {
  const old = `service:\n  telemetry:\n    metrics:\n      address: ${address}\n`
  const { text, changes } = migrateConfig(old)
  expect(text).toContain(`readers: [{pull: {exporter: {prometheus: {host: ${host}, port: ${port}}}}}]`)
  for (const [, name] of old.matchAll(/\$([A-Z_]+)/g)) {
    expect(changes.map(({ what }) => what).join('\n')).toContain(`$${name} is now \${env:${name}}`)
    expect(text).not.toMatch(new RegExp(`\\$${name}`))
  }
  expect(migrateConfig(text)).toEqual({ text, changes: [] })
})
