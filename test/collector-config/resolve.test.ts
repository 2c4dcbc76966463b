import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../src/collector-config.ts'

const lab = readFileSync(new URL('../../stack/configs/otel-collector-config.yaml', import.meta.url), 'utf8')

const MINI = `receivers:
  otlp:
    protocols:
      grpc:
exporters:
  debug:
service:
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [debug]
`

const errors = (text: string, env = {}) =>
  resolveConfig(text, env).diagnostics.map(({ line, message, hint }) => ({ line, message, hint }))

describe('resolveConfig on the default config', () => {
  const { config, diagnostics } = resolveConfig(lab, {})

  it('finds nothing wrong and every pipeline', () => {
    expect(diagnostics).toEqual([])
    expect([...config!.service.pipelines.keys()]).toEqual(['traces', 'metrics', 'logs'])
    expect(config!.service.pipelines.get('traces')).toEqual({
      id: 'traces',
      signal: 'traces',
      receivers: ['otlp'],
      processors: ['memory_limiter', 'filter/health', 'resource', 'batch'],
      exporters: ['otlp_grpc/tempo'],
    })
    expect(config!.service.telemetry.metrics).toEqual({ level: 'normal', readers: [{ host: '0.0.0.0', port: 8888 }] })
    expect(config!.service.telemetry.logs.sampling.enabled).toBe(false)
  })

  it("fills in the real components' defaults, durations as milliseconds", () => {
    expect(config!.processors.get('batch')!.settings).toMatchObject({ timeout: 1000, send_batch_size: 1024 })
    expect(config!.exporters.get('otlp_grpc/tempo')).toMatchObject({
      type: 'otlp_grpc',
      name: 'tempo',
      line: 32,
      settings: {
        timeout: 5000,
        compression: 'gzip',
        tls: { insecure: true },
        sending_queue: { queue_size: 1000, num_consumers: 10, batch: undefined },
        retry_on_failure: { enabled: true, initial_interval: 250, max_interval: 2000, max_elapsed_time: 300_000 },
      },
    })
    expect(config!.processors.get('filter/health')!.settings.trace_conditions).toEqual([
      {
        conditions: ['span.attributes["url.path"] == "/healthz"', 'IsMatch(span.name, ".*health.*")'],
        context: '',
        error_mode: '',
      },
    ])
  })
})

describe('resolveConfig', () => {
  it('reads the small config, a bare protocol being on', () => {
    const { config } = resolveConfig(MINI, {})
    const { protocols } = config!.receivers.get('otlp')!.settings
    expect(protocols.grpc.endpoint).toBe('localhost:4317')
    expect(protocols.http).toBeUndefined()
  })

  it('resolves old type names, with a warning', () => {
    const text = MINI.replace('  debug:', '  otlphttp/x:\n    endpoint: http://loki:3100/otlp').replace(
      '[debug]',
      '[otlphttp/x]',
    )
    const { config, diagnostics } = resolveConfig(text, {})
    expect(config!.exporters.get('otlphttp/x')).toMatchObject({ id: 'otlphttp/x', type: 'otlp_http', name: 'x' })
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: 'warning',
        line: 6,
        hint: expect.stringContaining('otlp_http/x: otel-lab config migrate'),
      }),
    ])
  })

  it.each<[what: string, from: string, to: string, line: number, message: string, hint?: string]>([
    [
      'gone exporter',
      '  debug:',
      '  logging:\n    loglevel: debug',
      6,
      "'exporters' the logging exporter has been deprecated, use the debug exporter instead",
      'config migrate',
    ],
    [
      'loki',
      '  debug:',
      '  loki:',
      6,
      'unknown type: "loki" for id: "loki" (valid values: [debug file',
      'removed in 0.131.0',
    ],
    ['typo', '  debug:', '  debugg:', 6, 'unknown type: "debugg"', 'did you mean debug?'],
    ['contrib', '  debug:', '  kafka:', 6, 'unknown type: "kafka"', '--engine docker'],
    [
      'dangling',
      '[debug]',
      '[debug, debgu]',
      11,
      'service::pipelines::traces: references exporter "debgu" which is not configured',
      'did you mean debug?',
    ],
    [
      'wrong section',
      '[otlp]',
      '[otlp, debug]',
      10,
      'references receiver "debug" which is not configured',
      'under exporters',
    ],
    [
      'invalid key',
      '      grpc:',
      '      grpc:\n        endpont: x',
      5,
      "'configgrpc.ServerConfig' has invalid keys: endpont",
      'did you mean endpoint?',
    ],
    [
      'top key',
      'service:',
      'recievers: {}\nservice:',
      7,
      "'otelcol.configSettings' has invalid keys: recievers",
      'did you mean receivers?',
    ],
    [
      'bad duration',
      'service:',
      'processors:\n  batch:\n    timeout: 5x\nservice:',
      9,
      "'timeout' time: unknown unit",
      '200ms',
    ],
    [
      'check',
      'service:',
      'processors:\n  memory_limiter:\nservice:',
      8,
      "processors::memory_limiter: 'check_interval' must be greater than zero",
      'check_interval: 1s',
    ],
    ['empty list', '[debug]', '[]', 9, 'service::pipelines::traces: must have at least one exporter', 'exporters'],
    [
      'pipeline name',
      '    traces:',
      '    spans:',
      9,
      '\'service.pipelines\' in "spans" id: unknown pipeline signal: "spans"',
      'traces, metrics or logs',
    ],
    ['id', '  debug:', '  debug/:', 6, 'in "debug/" id: the part after / should not be empty'],
    [
      'no port',
      '      grpc:',
      '      grpc:\n        endpoint: 0.0.0.0',
      5,
      'listen tcp: address 0.0.0.0: missing port in address',
      '0.0.0.0:4317',
    ],
    ['duplicate key', '  debug:', '  debug:\n  debug:', 7, 'line 7: mapping key "debug" already defined at line 6'],
    ['tab', '  debug:', '\tdebug:', 6, 'yaml: line 6: found character that cannot start any token', 'spaces'],
    ['syntax', '[otlp]', '[otlp', 10, "yaml: line 10: did not find expected ',' or ']'", 'write the ]'],
    [
      'metrics address',
      '  pipelines:',
      '  telemetry:\n    metrics:\n      address: 0.0.0.0:8888\n  pipelines:',
      10,
      'has invalid keys: address',
      '0.123.0',
    ],
    [
      'traces to a page',
      '  debug:',
      '  debug:\n    endpoint: x',
      7,
      "'debugexporter.Config' has invalid keys: endpoint",
      'it takes: output_paths',
    ],
  ])('%s', (_what, from, to, line, message, hint) => {
    expect(errors(MINI.replace(from, to))).toContainEqual({
      line,
      message: expect.stringContaining(message),
      hint: hint === undefined ? undefined : expect.stringContaining(hint),
    })
    expect(resolveConfig(MINI.replace(from, to), {}).config).toBeUndefined()
  })

  it('tells of connectors that lead nowhere, and of signals that an exporter cannot take', () => {
    const connected = MINI.replace('service:', 'connectors:\n  span_metrics:\nservice:').replace(
      '[debug]',
      '[debug, span_metrics]',
    )
    expect(errors(connected)[0]!.message).toBe(
      'connector "span_metrics" used as exporter in [traces] pipeline but not used in any supported receiver pipeline',
    )
    const metrics = '    metrics:\n      receivers: [span_metrics]\n      exporters: [debug]\n'
    expect(errors(connected + metrics)).toEqual([])
    const prometheus = MINI.replace('  debug:', '  prometheus: {endpoint: "0.0.0.0:8889"}').replace(
      '[debug]',
      '[prometheus]',
    )
    expect(errors(prometheus)[0]!.message).toBe(
      'failed to create "prometheus" exporter for data type "traces": telemetry type is not supported',
    )
  })

  it('warns of what is configured and not used, and of a bare $VAR', () => {
    const text = MINI.replace('  debug:', '  debug:\n  otlp_http: {endpoint: "http://$LOKI_HOST:3100/otlp"}')
    expect(errors(text)).toEqual([
      expect.objectContaining({ message: 'exporter "otlp_http" is configured, but no pipeline uses it' }),
      expect.objectContaining({ message: '$LOKI_HOST is no variable: since 0.107.0 it is taken as text' }),
    ])
  })

  it('says that an empty config is empty', () => {
    for (const text of ['', '# nothing\n', '{}']) expect(errors(text)[0]!.message).toBe('empty configuration file')
    expect(errors('hello')[0]!.message).toBe('retrieved value (type=string) cannot be used as a Conf')
  })

  it('stands hostile input', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
      .join('\n')}\n`
    expect(errors(bomb)[0]!.message).toBe('yaml: document contains excessive aliasing')
    for (const deep of ['['.repeat(200_000), '{a: '.repeat(50_000), '- '.repeat(50_000)]) {
      expect(errors(deep).length).toBeGreaterThan(0)
    }
    expect(errors(`a: ${'x'.repeat(1024 * 1024)}`)[0]!.message).toContain('larger than 1024 KiB')
    expect(errors('a: *nothing')[0]!.message).toContain("unknown anchor 'nothing'")
    expect(errors('__proto__: {x: 1}\nreceivers: {constructor: }').length).toBeGreaterThan(0)
  })
})
