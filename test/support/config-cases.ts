import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export type Kind = 'receiver' | 'processor' | 'exporter' | 'connector' | 'extension'

/** A file of test/collector-config/cases: what a component may be configured as, right and wrong. */
interface CaseFile {
  kind?: Kind
  type?: string
  signal?: 'traces' | 'metrics' | 'logs'
  /** The pipeline that a connector leads to. */
  into?: string
  /** Settings of the component; a text is YAML. Without a kind: whole configs, as texts. */
  cases: unknown[]
}

export interface ConfigCase {
  /** File and settings, by which a verdict is kept. */
  name: string
  config: string
}

const FOLDER = 'test/collector-config/cases'

export function configCases(): ConfigCase[] {
  // From the root of the package, where tests and bundled programs both run.
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
  return files.flatMap((file) => {
    const {
      kind,
      type,
      signal = 'traces',
      into = 'metrics',
      cases,
    } = parse(readFileSync(join(FOLDER, file), 'utf8')) as CaseFile
    return cases.map((settings) => {
      const text = typeof settings === 'string' ? settings : JSON.stringify(settings)
      const config = kind === undefined ? text : around(kind, type!, signal, into, text)
      return { name: `${file.replace('.yaml', '')}: ${text.trimEnd()}`, config }
    })
  })
}

/** The smallest config that builds and starts the component; ports are free ones, and nothing is scraped. */
function around(kind: Kind, type: string, signal: string, into: string, settings: string): string {
  const own = (is: Kind) => (kind === is ? `\n  ${type}: ${settings.replaceAll('\n', '\n    ')}` : '')
  const connected = kind === 'connector'
  const pipelines = connected
    ? `{traces: {receivers: [otlp], exporters: [${type}]}, ${into}: {receivers: [${type}], exporters: [debug]}}`
    : `{${signal}: {receivers: [${kind === 'receiver' ? type : 'otlp'}], processors: [${kind === 'processor' ? type : ''}], exporters: [${kind === 'exporter' ? type : 'debug'}]}}`
  return `receivers:${own('receiver') || `\n  otlp: {protocols: {grpc: {endpoint: '127.0.0.1:0'}}}`}
processors: ${own('processor') || '{}'}
exporters: ${own('exporter') || '{debug: {}}'}
connectors: ${own('connector') || '{}'}
extensions: ${own('extension') || '{}'}
service:
  extensions: [${kind === 'extension' ? type : ''}]
  telemetry: {metrics: {level: none}}
  pipelines: ${pipelines}
`
}
