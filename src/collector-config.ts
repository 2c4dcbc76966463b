export type {
  CollectorConfig,
  ComponentConfig,
  Diagnostic,
  PipelineConfig,
  PipelineSignal,
  Resolved,
  TelemetryConfig,
} from './collector-config/model.ts'
export { resolveConfig } from './collector-config/resolve.ts'
