import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addDebugExporter, applyEdits, type Edit, resolveConfig } from '../../src/collector-config.ts'

const lab = readFileSync(new URL('../../stack/configs/otel-collector-config.yaml', import.meta.url), 'utf8')

/** Lines that differ, as `-old` and `+new`; every other line must be the same, in order. */
function changed(before: string, after: string): string[] {
  const old = before.split('\n')
  const now = after.split('\n')
  let start = 0
  while (start < old.length && old[start] === now[start]) start++
  const rows: string[] = []
  // A small longest-common-subsequence over what is left.
  const a = old.slice(start)
  const b = now.slice(start)
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) rows.push(`-${a[i++]}`)
    else rows.push(`+${b[j++]}`)
  }
  return rows
}

const patch = (text: string, ...edits: Edit[]) => applyEdits(text, edits)
const set = (path: string, value: string): Edit => ({ op: 'set', path, value })
const add = (path: string, value: string): Edit => ({ op: 'add', path, value })
const remove = (path: string, value?: string): Edit => ({ op: 'remove', path, ...(value !== undefined && { value }) })

describe('addDebugExporter', () => {
  it('touches three lines of the default config, which still resolves', () => {
    const after = addDebugExporter(lab)
    expect(changed(lab, after)).toEqual([
      '+  debug:',
      '+    verbosity: detailed',
      '-      exporters: [otlp_grpc/tempo]',
      '+      exporters: [otlp_grpc/tempo, debug]',
    ])
    expect(resolveConfig(after, {}).diagnostics).toEqual([])
    expect(addDebugExporter(after)).toBe(after)
  })

  it('keeps the style of a config in flow style, with Windows line endings', () => {
    const flow =
      'receivers: {otlp: {protocols: {grpc: }}} # doors\r\nexporters: { otlp_grpc: { endpoint: "tempo:4317" } }\r\n' +
      'service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc]}}}\r\n'
    expect(addDebugExporter(flow)).toBe(
      'receivers: {otlp: {protocols: {grpc: }}} # doors\r\n' +
        'exporters: { otlp_grpc: { endpoint: "tempo:4317" }, debug: {verbosity: detailed} }\r\n' +
        'service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc, debug]}}}\r\n',
    )
  })

  it('follows block lists, wide and zero indentation, and a missing last line break', () => {
    const block = [
      'exporters:',
      '    debug: # already here',
      '        verbosity: basic   # quiet',
      '    # the end of the exporters',
      '',
      'service:',
      '    pipelines:',
      '        traces:',
      '            exporters:',
      '            - otlp # the first',
      '            # more to come',
      '        metrics:',
      '            exporters:',
      '                -   prometheus',
    ].join('\n')
    expect(changed(block, addDebugExporter(block, { pipelines: ['traces', 'metrics'] }))).toEqual([
      '-        verbosity: basic   # quiet',
      '+        verbosity: detailed   # quiet',
      '+            - debug',
      '+                -   debug',
    ])
  })

  it('names the pipelines there are', () => {
    expect(() => addDebugExporter(lab, { pipelines: ['trace'] })).toThrow(
      expect.objectContaining({
        code: 'no-such-path',
        hint: 'otel-lab config patch --add-debug-exporter --pipeline traces',
      }),
    )
  })
})

describe('applyEdits', () => {
  it('sets scalars in place, keeping comments and quotes', () => {
    expect(changed(lab, patch(lab, set('processors.batch.timeout', '200ms')))).toEqual([
      '-    timeout: 1s',
      '+    timeout: 200ms',
    ])
    const quoted = 'a: 1\nexporters:\n  otlp: {endpoint: \'tempo:4317\'} # here\n  "x": "y"   # there\n'
    expect(patch(quoted, set('exporters.otlp.endpoint', 'other:1'), set('exporters.x', 'z'))).toBe(
      'a: 1\nexporters:\n  otlp: {endpoint: \'other:1\'} # here\n  "x": "z"   # there\n',
    )
  })

  it('makes what is missing on the way', () => {
    expect(changed(lab, patch(lab, set('exporters.otlp_grpc/tempo.sending_queue.batch.min_size', '10')))).toEqual([
      '+    sending_queue:',
      '+      batch:',
      '+        min_size: 10',
    ])
    expect(changed(lab, patch(lab, set('connectors.span_metrics.histogram.unit', 's')))).toEqual([
      '+connectors:',
      '+  span_metrics:',
      '+    histogram:',
      '+      unit: s',
    ])
  })

  it('turns a section into a value and a bare key into a section', () => {
    expect(changed(lab, patch(lab, set('receivers.otlp.protocols.grpc', '{endpoint: "localhost:4317"}')))).toEqual([
      '-      grpc:',
      '-        endpoint: 0.0.0.0:4317',
      '+      grpc: {endpoint: "localhost:4317"}',
    ])
    const bare = 'receivers:\n  otlp:\n    protocols:\n      grpc: # all defaults\n      http:\n'
    expect(patch(bare, set('receivers.otlp.protocols.grpc.endpoint', '0.0.0.0:4317'))).toBe(
      'receivers:\n  otlp:\n    protocols:\n      grpc: # all defaults\n        endpoint: 0.0.0.0:4317\n      http:\n',
    )
  })

  it('adds to lists and maps once', () => {
    const edits = [
      add('processors.resource.attributes', '{key: team, value: "a, b", action: insert}'),
      add('exporters', 'file: {path: /tmp/out.json}'),
      add('extensions', 'zpages'),
      add('service.extensions', 'zpages'),
      add('service.pipelines.logs.exporters', 'file'),
    ]
    const after = patch(lab, ...edits)
    expect(changed(lab, after)).toEqual([
      '+      - {key: team, value: "a, b", action: insert}',
      '+  file: {path: /tmp/out.json}',
      '+  zpages:',
      '-  extensions: [health_check]',
      '+  extensions: [health_check, zpages]',
      '-      exporters: [otlp_http/loki]',
      '+      exporters: [otlp_http/loki, file]',
    ])
    expect(patch(after, ...edits)).toBe(after)
    expect(resolveConfig(after, {}).diagnostics).toEqual([])
  })

  it('adds to a flow list that has a line for each item', () => {
    const list = 'service:\n  extensions: [\n    health_check, # first\n    zpages\n  ]\n'
    expect(patch(list, add('service.extensions', 'pprof'))).toBe(
      'service:\n  extensions: [\n    health_check, # first\n    zpages,\n    pprof\n  ]\n',
    )
  })

  it('removes entries and items, and nothing else', () => {
    expect(
      changed(
        lab,
        patch(lab, remove('processors.filter/health'), remove('service.pipelines.traces.processors', 'filter/health')),
      ),
    ).toEqual([
      '-  filter/health: # drop: health checks tell nothing about scans',
      '-    error_mode: ignore',
      '-    trace_conditions:',
      '-      - span.attributes["url.path"] == "/healthz"',
      '-      - IsMatch(span.name, ".*health.*")',
      '-      processors: [memory_limiter, filter/health, resource, batch]',
      '+      processors: [memory_limiter, resource, batch]',
    ])
    const list = 'a:\n  - key: x # one\n    value: 1\n  - key: y\n    value: 2\nb: {c: 1, d: 2}\n'
    expect(patch(list, remove('a[0].key'), remove('a[1]'), remove('b.d'))).toBe('a:\n  - value: 1\nb: {c: 1}\n')
    expect(patch(lab, remove('exporters.nothing-like-it'))).toBe(lab)
  })

  it.each<[Edit, string, string]>([
    [set('exporter.debug.verbosity', 'basic'), 'a collector config has no exporter', 'did you mean exporters?'],
    [add('service.pipelines.traces.exporter', 'debug'), 'has no service.pipelines.traces.exporter', 'exporters'],
    [remove('exporters.prometeus'), 'exporters has no prometeus', 'did you mean prometheus?'],
    [set('processors.batch.timeout.x', '1'), 'it holds a plain value', ''],
    [set('a..b', '1'), 'is not a path', ''],
  ])('refuses %o', (edit, message, hint) => {
    expect(() => patch(lab, edit)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    )
  })

  it('refuses text that is no YAML', () => {
    expect(() => patch('a: [', set('exporters.a', 'b'))).toThrow(expect.objectContaining({ code: 'config-syntax' }))
  })

  it('quotes what would not be one value', () => {
    expect(patch('exporters: {a: {b: 1}}\n', set('exporters.a.b', 'x, y'))).toBe('exporters: {a: {b: "x, y"}}\n')
    expect(patch('exporters:\n  a:\n    b: 1\n', set('exporters.a.b', 'x # no comment'))).toBe(
      'exporters:\n  a:\n    b: "x # no comment"\n',
    )
  })
})

it('adds a bare key in flow style, and takes block headers for text', () => {
  expect(patch('exporters: {a: {b: [c]}}\n', add('exporters', 'debug'))).toBe('exporters: {a: {b: [c]}, debug:}\n')
  expect(patch('exporters:\n  a: 1\n', set('exporters.a', '>'))).toBe('exporters:\n  a: ">"\n')
})

describe('an edit does what was asked and nothing else', () => {
  const base = 'x: &b\n  receivers: [otlp]\n  exporters: [otlp_grpc] # to Tempo\n'
  const pipelines = (traces: string) => `${base}service:\n  pipelines:\n    traces: ${traces}\n    logs: *b\n`

  it.each([
    ['a merge key', '{<<: *b}', '{<<: *b, exporters: [otlp_grpc, debug]}'],
    ['a merge key in a block', '\n      <<: *b', '\n      <<: *b\n      exporters: [otlp_grpc, debug]'],
    ['an alias', '*b', '{<<: *b, exporters: [otlp_grpc, debug]}'],
  ])('keeps what comes from %s', (_, traces, now) => {
    const text = pipelines(traces)
    const edit = add('service.pipelines.traces.exporters', 'debug')
    expect(applyEdits(text, [edit], { keys: 'any' })).toBe(pipelines(now))
    expect(applyEdits(pipelines(now), [edit], { keys: 'any' })).toBe(pipelines(now))
  })

  it('says which other place shares an anchor, and writes it out where asked to', () => {
    const shared = 'exporters: {a: {b: &x [1]}, c: {b: *x}}\n'
    expect(() => patch(shared, add('exporters.a.b', '2'))).toThrow(
      expect.objectContaining({
        code: 'config-edit',
        message: 'to change exporters.a.b would change exporters.c.b too; nothing was written',
      }),
    )
    expect(patch(shared, set('exporters.c.b', '[1]'), add('exporters.a.b', '2'))).toBe(
      'exporters: {a: {b: &x [1, 2]}, c: {b: [1]}}\n',
    )
    expect(() => patch('a: &a {k: 1}\nexporters: {b: {<<: *a}}\n', remove('exporters.b.k'))).toThrow(
      expect.objectContaining({ code: 'config-edit', message: expect.stringContaining('comes from a merge key') }),
    )
  })

  it('takes null for nothing', () => {
    const service = 'service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [otlp]\n'
    const patched = (exporters: string) => addDebugExporter(exporters + service).split('service:')[0]
    expect(patched('exporters:\n  debug: null # soon\n')).toBe('exporters:\n  debug: # soon\n    verbosity: detailed\n')
    expect(patched('exporters: null\n')).toBe('exporters:\n  debug:\n    verbosity: detailed\n')
    expect(patched('exporters: ~\n')).toBe('exporters:\n  debug:\n    verbosity: detailed\n')
    expect(patched('exporters: {debug: null}\n')).toBe('exporters: {debug: {verbosity: detailed}}\n')
    expect(patch('service:\n  pipelines: {traces: null}\n', add('service.pipelines.traces.exporters', 'a'))).toBe(
      'service:\n  pipelines: {traces: {exporters: [a]}}\n',
    )
  })

  it('keeps a byte order mark, and JSON as JSON', () => {
    expect(addDebugExporter(`\uFEFF${lab}`)).toBe(`\uFEFF${addDebugExporter(lab)}`)
    expect(resolveConfig(`\uFEFF${lab}`, {}).diagnostics).toEqual([])
    const json = JSON.stringify(
      { exporters: { otlp: { endpoint: 'a:1' } }, service: { pipelines: { traces: { exporters: ['otlp'] } } } },
      undefined,
      2,
    )
    const after = addDebugExporter(json)
    expect(JSON.parse(after)).toEqual({
      exporters: { otlp: { endpoint: 'a:1' }, debug: { verbosity: 'detailed' } },
      service: { pipelines: { traces: { exporters: ['otlp', 'debug'] } } },
    })
    expect(JSON.parse(patch(json, add('exporters', 'debug'), set('exporters.otlp.endpoint', 'b:2')))).toMatchObject({
      exporters: { otlp: { endpoint: 'b:2' }, debug: null },
    })
  })
})
