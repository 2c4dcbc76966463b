import type { CollectorConfig } from '../../collector-config.ts'

/** What a config says of the debug exporter: why the output is as it is. */
export interface DebugConfig {
  /** Ids of debug exporters, and those that a traces pipeline uses. */
  defined: string[]
  inTraces: { id: string; pipeline: string; verbosity: string; toLog: boolean; thinned: boolean }[]
  /** Other pipelines that use one. */
  elsewhere: string[]
  logSampling: boolean
  logLevel: string
}

export function debugConfig({ exporters, service }: CollectorConfig): DebugConfig {
  const defined = [...exporters.values()].filter(({ type }) => type === 'debug')
  const uses = [...service.pipelines.values()].flatMap((pipeline) =>
    defined.filter(({ id }) => pipeline.exporters.includes(id)).map((exporter) => ({ pipeline, exporter })),
  )
  return {
    defined: defined.map(({ id }) => id),
    inTraces: uses
      .filter(({ pipeline }) => pipeline.signal === 'traces')
      .map(({ pipeline, exporter: { id, settings } }) => ({
        id,
        pipeline: pipeline.id,
        verbosity: String(settings.verbosity),
        toLog: settings.use_internal_logger !== false,
        thinned: Number(settings.sampling_thereafter) !== 1,
      })),
    elsewhere: uses.filter(({ pipeline }) => pipeline.signal !== 'traces').map(({ pipeline }) => pipeline.id),
    logSampling: service.telemetry.logs.sampling.enabled,
    logLevel: service.telemetry.logs.level,
  }
}
