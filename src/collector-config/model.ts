import type { Signal } from '../util/signal.ts'

/** What is wrong with a config, in the real collector's words, and where. Lines and columns count from 1. */
export interface Diagnostic {
  severity: 'error' | 'warning'
  message: string
  line?: number
  column?: number
  /** What to write instead, ending in a command to type where there is one. */
  hint?: string
}

export interface ComponentConfig {
  /** As written, such as `otlp/tempo`; pipelines refer to it so. */
  id: string
  /** The component's current type: a deprecated alias is resolved (`otlp` exporter -> `otlp_grpc`). */
  type: string
  /** The part after the slash, or ''. */
  name: string
  /**
   * Checked against the component's schema, under the YAML's key names, the real component's defaults
   * filled in, `${env:X}` expanded, durations as milliseconds. An optional section that is off is undefined.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each component knows its own shape, the schema has checked it
  settings: any
  line?: number
}

export interface PipelineConfig {
  /** As written: `traces` or `traces/name`. */
  id: string
  signal: Signal
  receivers: string[]
  processors: string[]
  exporters: string[]
}

export interface TelemetryConfig {
  logs: {
    level: 'debug' | 'info' | 'warn' | 'error'
    encoding: 'console' | 'json'
    sampling: { enabled: boolean; tick: number; initial: number; thereafter: number }
    disable_stacktrace: boolean
    disable_caller: boolean
    output_paths: string[]
    initial_fields: Record<string, unknown>
  }
  metrics: {
    level: 'none' | 'basic' | 'normal' | 'detailed'
    /** Where the collector's own metrics page is served; one for each Prometheus pull reader. */
    readers: { host: string; port: number }[]
  }
  resource: Record<string, string | undefined>
}

export interface CollectorConfig {
  receivers: Map<string, ComponentConfig>
  processors: Map<string, ComponentConfig>
  exporters: Map<string, ComponentConfig>
  connectors: Map<string, ComponentConfig>
  extensions: Map<string, ComponentConfig>
  service: {
    extensions: string[]
    pipelines: Map<string, PipelineConfig>
    telemetry: TelemetryConfig
  }
}

export interface Resolved {
  /** Absent when a diagnostic is an error. */
  config?: CollectorConfig
  diagnostics: Diagnostic[]
}
