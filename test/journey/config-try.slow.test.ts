import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ConfigTrial, ItemChange } from '../../src/journey.ts'
import { type ReplayLab, type Run, replayLab } from '../faults/lab.ts'

/** What `config try` predicts of an edit, beside what a run through the edited config then really leaves behind. */
interface Item {
  name: string
  /** By path, as the prediction writes them. */
  fields: Record<string, string>
}
type Left = Record<'traces' | 'metrics' | 'logs', Item[]>

const chain = (signal: string, ...more: string[]) =>
  `service.pipelines.${signal}.processors=[memory_limiter, ${more.map((one) => `${one}, `).join('')}resource, batch]`
const actions = (list: string) => `{actions: [${list}]}`

const EDITS: [what: string, sets: string[], signal: keyof Left, kind: ItemChange['kind']][] = [
  [
    'a filter for one span',
    ['processors.filter/health.trace_conditions=["span.name == \\"load_file\\""]'],
    'traces',
    'dropped',
  ],
  [
    'a filter for every span',
    ['processors.filter/health.trace_conditions=["IsMatch(span.name, \\".*\\")"]'],
    'traces',
    'dropped',
  ],
  [
    'a filter for some lines',
    [
      'processors.filter/lines={log_conditions: ["IsMatch(log.body, \\"File loaded\\")"]}',
      chain('logs', 'filter/lines'),
    ],
    'logs',
    'dropped',
  ],
  [
    'a filter for a metric',
    [
      'processors.filter/metrics={metric_conditions: ["metric.name == \\"neuro.process.duration\\""]}',
      chain('metrics', 'filter/metrics'),
    ],
    'metrics',
    'dropped',
  ],
  [
    'an attribute for every span',
    [
      `processors.attributes/team=${actions('{key: team, value: mri, action: insert}')}`,
      chain('traces', 'attributes/team'),
    ],
    'traces',
    'changed',
  ],
  [
    'an attribute taken from every line',
    [`processors.attributes/less=${actions('{key: level, action: delete}')}`, chain('logs', 'attributes/less')],
    'logs',
    'changed',
  ],
  [
    'another resource',
    ['processors.resource.attributes=[{key: team, value: mri, action: insert}]'],
    'traces',
    'changed',
  ],
  ['a longer batch', ['processors.batch.timeout=3s'], 'logs', 'changed'],
  ['a namespace for the series', ['exporters.prometheus.namespace=lab'], 'metrics', 'added'],
  ['another way for the lines', ['exporters.debug={}', 'service.pipelines.logs.exporters=[debug]'], 'logs', 'dropped'],
]
const BAD: [what: string, set: string][] = [
  ['a duration that is none', 'processors.batch.timeout=banana'],
  ['a processor that is not there', 'service.pipelines.traces.processors=[memory_limiter, nonsense]'],
  ['a pipeline without a receiver', 'service.pipelines.logs.receivers=[]'],
]

let lab: ReplayLab
let configs: Record<string, string>
let base: Run
let before: Left

beforeAll(async () => {
  lab = await replayLab()
  configs = await lab.configs()
  base = await lab.run({})
  await vi.waitFor(
    async () => {
      before = await leftBy(base)
      // What a run tells last: before it is there, more is on its way.
      expect(before.traces.map(({ name }) => name)).toContain('process_file')
      expect(before.logs.map(({ name }) => name)).toContain('Processing completed')
      expect(countedNames(before.metrics)).toHaveProperty('neuro_process_duration_seconds_count')
    },
    { timeout: 60_000, interval: 300 },
  )
}, 90_000)
afterEach(() => lab.reset(configs))
afterAll(() => lab.close())

const tried = async (sets: readonly string[]) => {
  const flags = sets.flatMap((set) => ['--set', set])
  const { code, stdout, stderr } = await lab.cli(['config', 'try', '--json', '--all', '--run', base.runId, ...flags])
  return { code, flags, said: stdout + stderr, trial: JSON.parse(stdout) as ConfigTrial & { refused: unknown[] } }
}

describe('config try', { timeout: 90_000 }, () => {
  it.each(EDITS)('%s', async (_, sets, signal, kind) => {
    const { code, said, flags, trial } = await tried(sets)
    expect(code, said).toBe(0)
    expect((await lab.configs())['otel-collector-config.yaml']).toBe(configs['otel-collector-config.yaml'])
    if (sets[0] === 'processors.batch.timeout=3s') {
      expect(trial.changes).toEqual([])
      expect(trial.delays).toContainEqual({ door: 'logs', before: 50, after: 1_500 })
    } else expect(trial.changes.filter((one) => one.signal === signal).map((one) => one.kind)).toContain(kind)

    const patched = await lab.cli(['config', 'patch', '--yes', ...flags])
    expect(patched.code, patched.stdout + patched.stderr).toBe(0)
    const run = await lab.run({})
    const foreseen = predicted(before, trial.changes)
    await expect.poll(async () => namesOf(await leftBy(run)), { timeout: 30_000 }).toEqual(namesOf(foreseen))
    const real = await leftBy(run)
    for (const one of ['traces', 'logs'] as const) {
      for (const [name, path, value] of foreseenFields(trial.changes, one)) {
        const items = real[one].filter((item) => item.name === name)
        expect([one, name, path, [...new Set(items.map(({ fields }) => fields[path]))]]).toEqual([
          one,
          name,
          path,
          [value],
        ])
      }
    }
    if (sets[0] === 'processors.batch.timeout=3s') {
      // No wait is longer than it is said to be, but on a busy machine; a longer one than before there must be.
      const measured = await lab.cli(['latency', '--tap', '--runs', '8', '--warmup', '0', '--json'])
      const { hops } = JSON.parse(measured.stdout).measures.logs
      expect(hops.find(({ key }: { key: string }) => key === 'processor/batch').max).toBeGreaterThan(1_000)
    }
  })

  it.each(BAD)('%s is refused, as it then really is', async (_, set) => {
    const { code, flags, trial } = await tried([set])
    expect(code).toBe(1)
    expect(trial.refused.length).toBeGreaterThan(0)
    expect((await lab.cli(['config', 'patch', '--yes', ...flags])).code).not.toBe(0)
    const run = await lab.run({})
    await expect.poll(async () => namesOf(await leftBy(run)), { timeout: 30_000 }).toEqual(namesOf(before))
  })
})

/** What the backends have of a run. */
async function leftBy({ runId, startedAt, traces }: Run): Promise<Left> {
  const { tempo, loki, prometheus } = lab.backends
  const window = { start: startedAt - 1_000, end: Date.now() + 1_000 }
  const [found, streams, series] = await Promise.all([
    Promise.all(traces.map((id) => tempo.traceById(id))),
    loki.streams(`{service_name=~".+"} | otel_lab_run_id=${JSON.stringify(runId)}`, window, { limit: 1_000 }),
    prometheus.vector(`{instance=${JSON.stringify(runId)}, __name__!~"up|scrape_.*"}`),
  ])
  return {
    traces: found
      .flatMap((trace) => trace?.spans ?? [])
      .map(({ name, attributes, resource }) => ({
        name,
        fields: { ...prefixed('attributes', attributes), ...prefixed('resource', resource) },
      })),
    // Loki writes names with underscores, and keeps attributes and resource beside one another.
    logs: streams.flatMap(({ labels, entries }) =>
      entries.map(({ line, metadata }) => ({ name: messageOf(line), fields: { ...labels, ...metadata } })),
    ),
    metrics: series.map(({ labels }) => ({ name: labels.__name__!, fields: {} })),
  }
}

/** Times and paths differ from run to run. */
const messageOf = (text: string) => (text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text)

const prefixed = (prefix: string, values: object) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, String(value)]))

const EXPORTERS = { traces: 'otlp_grpc/tempo', metrics: 'prometheus', logs: 'otlp_http/loki' } as const

/** The base run's items with the changes done to them, by name. */
function predicted(left: Left, changes: readonly ItemChange[]): Left {
  const result = { traces: [...left.traces], metrics: [...left.metrics], logs: [...left.logs] }
  for (const { signal, exporter, kind, name: said } of changes) {
    if (exporter !== EXPORTERS[signal] || kind === 'changed') continue
    const name = signal === 'metrics' ? said.replace(/\{.*/s, '') : messageOf(said)
    if (kind === 'added') result[signal].push({ name, fields: {} })
    else {
      const at = result[signal].findIndex((item) => item.name === name)
      expect(at, `${kind} ${signal} ${name}`).not.toBe(-1)
      result[signal].splice(at, 1)
    }
  }
  return result
}

/** What each changed name is foreseen to have; undefined what it no longer has. */
function foreseenFields(
  changes: readonly ItemChange[],
  signal: 'traces' | 'logs',
): [string, string, string | undefined][] {
  return changes
    .filter((one) => one.signal === signal && one.kind === 'changed')
    .flatMap(({ name, edits }) =>
      edits.map((edit): [string, string, string | undefined] => {
        const [, sign, path, value] = /^([+-]) (\S+)(?: = (.*))?$/.exec(edit)!
        const shown = signal === 'traces' ? path! : path!.replace(/^\w+\./, '').replaceAll('.', '_')
        return [messageOf(name), shown, sign === '+' ? value : undefined]
      }),
    )
}

const countedNames = (items: readonly Item[]) => {
  const counts: Record<string, number> = {}
  for (const { name } of items) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
const namesOf = ({ traces, metrics, logs }: Left) => ({
  traces: countedNames(traces),
  metrics: countedNames(metrics),
  logs: countedNames(logs),
})
