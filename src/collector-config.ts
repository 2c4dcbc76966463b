export { revertChange, unifiedDiff } from './collector-config/diff.ts'
export { changedValue, sameMeaning } from './collector-config/effect.ts'
export { type Change, migrateConfig } from './collector-config/migrate.ts'
export type {
  CollectorConfig,
  ComponentConfig,
  Diagnostic,
  PipelineConfig,
  TelemetryConfig,
} from './collector-config/model.ts'
export { addDebugExporter } from './collector-config/patch/debug-exporter.ts'
export { applyEdits, type Edit } from './collector-config/patch.ts'
export { resolveConfig } from './collector-config/resolve.ts'
export { compileRoute, parseRequest, type RequestCondition, type Route } from './collector-config/shared/routes.ts'
export { type Policy, partsOf as partsOfPolicy } from './collector-config/shared/tail-policies.ts'
export { portOf, wayOutOf } from './collector-config/way-out.ts'
