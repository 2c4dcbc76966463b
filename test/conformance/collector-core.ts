// Measures our reading of collector configs against the collector's own test cases. Bundle it with esbuild, then
//   node collector-core.mjs SUITES [--misses]
// where SUITES holds collector-core/collector-core.json.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ComponentDefinition, ComponentKind } from '../../src/collector-config/component.ts'
import { decode } from '../../src/collector-config/decode.ts'
import { readDocument } from '../../src/collector-config/document.ts'
import { envProvider, expandTree, type Provider, yamlProvider } from '../../src/collector-config/expand.ts'
import { checkGraph, type GraphLookup } from '../../src/collector-config/graph.ts'
import { formatId, parseComponentId, parsePipelineId } from '../../src/collector-config/ids.ts'
import { type ConfigNode, plainOf, stringNode } from '../../src/collector-config/node.ts'
import type { PipelineNode } from '../../src/collector-config/pipelines.ts'
import { registryOf } from '../../src/collector-config/registry.ts'
import { resolveWith } from '../../src/collector-config/resolve.ts'
import { bool, float, int, type Schema, string, struct } from '../../src/collector-config/schema.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = any
type Result = { ok: boolean; name: string; got?: unknown; want?: unknown }

const SIGNALS = ['traces', 'metrics', 'logs', 'profiles'] as const
/** What the Go tests call profiles pipelines. */
const signalOf = (id: string) => id.replace(/^xprofiles/, 'profiles')

function nop(kind: ComponentKind, type = 'nop', check?: string): ComponentDefinition {
  const all = SIGNALS as unknown as ComponentDefinition['signals']
  const routes = SIGNALS.flatMap((a) => SIGNALS.map((b) => [a, b])) as unknown as ComponentDefinition['routes']
  const complain = function* () {
    if (check !== undefined) yield { message: check }
  }
  return { kind, type, signals: all, ...(routes && { routes }), schema: struct('nop', {}, complain) }
}

const KINDS: ComponentKind[] = ['receiver', 'processor', 'exporter', 'connector', 'extension']

/** The suite changes a generated Go config by Go code; each change is made here to the same config as YAML. */
const CONFIG = {
  receivers: { nop: null },
  processors: { nop: null },
  exporters: { nop: null },
  connectors: { 'nop/conn': null },
  extensions: { nop: null },
  service: {
    extensions: ['nop'],
    pipelines: { traces: { receivers: ['nop'], processors: ['nop'], exporters: ['nop'] } },
  },
} as Case

function mutate(code: string): { config: Case; broken?: ComponentKind } {
  const config = structuredClone(CONFIG)
  for (const [, section] of code.matchAll(/cfg\.(Receivers|Processors|Exporters|Connectors|Extensions) = nil/g)) {
    delete config[section!.toLowerCase()]
  }
  if (/cfg\.Service\.Pipelines = nil/.test(code)) config.service.pipelines = {}
  if (/delete\(cfg/.test(code)) return { config }
  const append = /pipe\.(\w+) = append\(pipe\.\w+, component\.MustNewIDWithName\("(\w+)", "(\w+)"\)\)/.exec(code)
  if (append) config.service.pipelines.traces[append[1]!.toLowerCase()].push(`${append[2]}/${append[3]}`)
  if (/pipe\.Processors = append\(pipe\.Processors, pipe\.Processors\.\.\.\)/.test(code)) {
    config.service.pipelines.traces.processors.push('nop')
  }
  const extra = /cfg\.Service\.Extensions = append\(.*MustNewIDWithName\("(\w+)", "(\w+)"\)/.exec(code)
  if (extra) config.service.extensions.push(`${extra[1]}/${extra[2]}`)
  const same = /cfg\.(\w+)\[component\.MustNewIDWithName\("nop", "2"\)\] = /.exec(code)
  if (same && !/errConfig/.test(code)) config[same[1]!.toLowerCase()]['nop/2'] = null
  const invalid = /cfg\.(Receivers|Processors|Exporters|Connectors|Extensions)\[.*errConfig/s.exec(code)?.[1]
  return { config, ...(invalid && { broken: invalid.toLowerCase().slice(0, -1) as ComponentKind }) }
}

const NAMED: Record<string, string> = {
  errEmptyConfigurationFile: 'empty configuration file',
  errMissingReceivers: 'no receiver configuration specified in config',
  errMissingExporters: 'no exporter configuration specified in config',
  errMissingServicePipelines: 'service must have at least one pipeline',
  errMissingServicePipelineReceivers: 'must have at least one receiver',
  errMissingServicePipelineExporters: 'must have at least one exporter',
}

function wanted(expected: Case): string | undefined {
  if (expected === null || expected === undefined) return undefined
  if (typeof expected === 'object') return NAMED[expected.$id] ?? expected.$id
  return String(expected).replace(/: %w$/, ': ')
}

function validate(c: Case): Result {
  const { config, broken } = mutate(c.cfgFn ?? '')
  const kinds = KINDS.map((kind) => nop(kind, 'nop', kind === broken ? 'a fault of its own' : undefined))
  const { diagnostics } = resolveWith(registryOf(kinds), JSON.stringify(config), {})
  const errors = diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)
  const want = wanted(c.expected)
  return {
    name: c.name,
    ok: want === undefined ? errors.length === 0 : errors.some((e) => e.includes(want)),
    got: errors,
    want,
  }
}

function unmarshal(c: Case): Result {
  const text = JSON.stringify({ ...CONFIG, exporters: c.conf.args[0] }).replaceAll('[object Object]', '')
  const { diagnostics } = resolveWith(registryOf(KINDS.map((kind) => nop(kind))), text, {})
  const errors = diagnostics.map((d) => d.message)
  const want = c.expected.replaceAll('[object Object]', '')
  return { name: c.name, ok: errors.some((e) => e.includes(want)), got: errors, want }
}

function pipelinesOf(pipelines: Case): PipelineNode[] {
  return Object.entries(pipelines as Record<string, Case>).map(([written, p]) => {
    const id = signalOf(written)
    const refs = (list: string[] = []) => list.map((one) => ({ id: one, at: 0 }))
    return {
      id,
      signal: id.split('/')[0]!,
      at: 0,
      receivers: refs(p.Receivers),
      processors: refs(p.Processors),
      exporters: refs(p.Exporters),
    }
  })
}

function graph(c: Case): Result {
  const connectors = c.connectors ?? {}
  /** `mockforward` goes only from a signal to itself; `bf` does nothing at all; `unknown` is made by nobody. */
  const routes = (type: string) =>
    SIGNALS.flatMap((a) => SIGNALS.filter((b) => type !== 'mockforward' || a === b).map((b) => [a, b]))
  const definition = (kind: ComponentKind, id: string): ComponentDefinition | undefined => {
    const type = id.split('/')[0]!
    if (type === 'unknown') return undefined
    const made = { ...nop(kind, type), routes: routes(type) as unknown as NonNullable<ComponentDefinition['routes']> }
    return type === 'bf' ? { ...made, signals: [], routes: [] } : made
  }
  const lookup: GraphLookup = {
    isConnector: (id) => id in connectors,
    connector: (id) => definition('connector', id),
    component(kind, id) {
      const found = definition(kind, id)
      // The Go test configures nop, bf and unknown of each kind, and nop/1 of none.
      return { configured: !id.startsWith('nop/'), ...(found && { definition: found }) }
    },
  }
  const got = checkGraph(pipelinesOf(c.pipelines), lookup).map((p) => p.message)
  return { name: c.name, ok: got.includes(c.expected), got, want: c.expected }
}

const ENVIRONMENT: Record<string, string> = {
  HOST: 'localhost',
  PORT: '3044',
  OS: 'ubuntu',
  INT: '1',
  INT32: '32',
  INT64: '64',
  FLOAT32: '3.25',
  FLOAT64: '6.4',
  BOOL: 'true',
  TIMESTAMP: '2023-03-20T03:17:55.432328Z',
  ENV_VALUE: 'testreceiver',
  ENV_LIST: '[localhost:3042,localhost:3043]',
}

function expandText(
  text: string,
  env: Record<string, string>,
  defaultScheme?: string,
): { node: ConfigNode; error?: string } {
  let error: string | undefined
  const test: Provider = (opaque) => ({ text: opaque })
  const node = expandTree(stringNode(text, 0), {
    providers: { env: envProvider(env, () => {}), yaml: yamlProvider, test },
    report: (message) => (error ??= message),
    ...(defaultScheme && { defaultScheme }),
  })
  return { node, ...(error && { error }) }
}

function expand(c: Case): Result {
  const { node, error } = expandText(c.input, ENVIRONMENT, c.defaultProvider ? 'env' : undefined)
  const got = error ?? String(plainOf(node))
  return { name: c.name, ok: got === c.output, got, want: c.output }
}

const uri = (name: string) => `\${env:${name}}`
const FIELDS: Record<string, [Schema, string]> = {
  TargetFieldInt: [int(), uri('VALUE')],
  TargetFieldString: [string(), uri('VALUE')],
  TargetFieldBool: [bool(), uri('VALUE')],
  TargetFieldFloat: [float(), uri('VALUE')],
  TargetFieldInlineString: [string(), `inline field with ${uri('VALUE')} expansion`],
}

function strict(c: Case): Result {
  const name = `${c.targetField.$id} ${JSON.stringify(c.value)}`
  const [schema, text] = FIELDS[c.targetField.$id] ?? []
  if (schema === undefined) return { name, ok: false, got: 'no such field' }
  const { node, error } = expandText(text!, { ...ENVIRONMENT, VALUE: c.value }, 'env')
  if (c.resolveErr !== undefined || error !== undefined) {
    return { name, ok: error?.includes(c.resolveErr) ?? false, got: error, want: c.resolveErr }
  }
  const holder: ConfigNode = { kind: 'map', at: 0, entries: new Map([['field', { keyAt: 0, value: node }]]) }
  const { settings, problems } = decode(holder, struct('Target', { field: schema }), 0)
  const message = problems[0]?.message
  if (c.unmarshalErr !== undefined)
    return { name, ok: message?.includes(c.unmarshalErr) ?? false, got: message, want: c.unmarshalErr }
  return {
    name,
    ok: message === undefined && settings.field === c.expected,
    got: message ?? settings.field,
    want: c.expected,
  }
}

function id(parse: typeof parseComponentId, c: Case, text: string): Result {
  const parsed = parse(text)
  if (c.expectedErr) return { name: text.slice(0, 60), ok: 'error' in parsed, got: parsed }
  const expectedName = c.expectedID.nameVal ?? c.expectedID.name ?? ''
  const ok =
    !('error' in parsed) &&
    parsed.name === expectedName &&
    formatId(parsed) ===
      text
        .split('/')
        .map((s) => s.trim())
        .join('/')
  return { name: text, ok, got: parsed, want: c.expectedID }
}

async function debug(c: Case): Promise<Result> {
  const { debugExporter } = await import('../../src/collector-config/components/debug.ts')
  const { Verbosity, UseInternalLogger, OutputPaths } = c.cfg
  const yaml = {
    ...(Verbosity && { verbosity: Verbosity.$id.replace('configtelemetry.Level', '').toLowerCase() }),
    ...(UseInternalLogger !== undefined && { use_internal_logger: UseInternalLogger }),
    ...(OutputPaths && { output_paths: OutputPaths }),
  }
  const { checks, problems } = decode(readDocument(JSON.stringify(yaml)).root, debugExporter.schema, 0)
  const got = [...problems, ...checks].map((p) => p.message)
  return { name: c.name, ok: c.expected ? got.includes(c.expected) : got.length === 0, got, want: c.expected }
}

const suites = process.argv[2] ?? process.env.OTEL_LAB_SUITES
if (suites === undefined) {
  console.log('collector-core: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const suite = JSON.parse(await readFile(join(suites, 'collector-core/collector-core.json'), 'utf8'))
  const groups: [string, Result[]][] = [
    ['config_validate', suite.config_validate.map(validate)],
    ['pipelines_validate', suite.pipelines_validate.map(validate)],
    ['unmarshal_errors', suite.unmarshal_errors.map(unmarshal)],
    ['graph_errors', suite.graph_errors.map(graph)],
    ['expand', suite.expand.map(expand)],
    ['strict_types', suite.strict_types.map(strict)],
    ['component_id', suite.component_id.map((c: Case) => id(parseComponentId, c, c.name))],
    ['pipeline_id', suite.pipeline_id.map((c: Case) => id(parsePipelineId, c, c.idStr))],
    ['debugexporter_validate', await Promise.all(suite.debugexporter_validate.map(debug))],
  ]
  let good = 0
  let all = 0
  for (const [name, results] of groups) {
    const passed = results.filter((r) => r.ok).length
    good += passed
    all += results.length
    console.log(`${name}: ${passed} of ${results.length}`)
    if (process.argv.includes('--misses')) {
      for (const r of results.filter((one) => !one.ok)) {
        console.log(`  ✗ ${r.name}\n    want ${JSON.stringify(r.want)}\n    got  ${JSON.stringify(r.got)}`)
      }
    }
  }
  console.log(`collector-core: ${good} of ${all}`)
  console.log(
    `not for the config: connector_graph ${suite.connector_graph.length} (in collector.ts), nil_merge ${suite.nil_merge.length} (several --config)`,
  )
  process.exitCode = good < all ? 1 : 0
}
