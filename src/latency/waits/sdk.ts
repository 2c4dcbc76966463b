/** How long an SDK keeps what it has, in milliseconds. */
export interface Sdk {
  span: number
  log: number
  metric: number
}

/** What the SDKs do when nobody says otherwise (OpenTelemetry specification, SDK environment variables). */
const DEFAULTS: Record<keyof Sdk, [name: string, ms: number]> = {
  span: ['OTEL_BSP_SCHEDULE_DELAY', 5_000],
  log: ['OTEL_BLRP_SCHEDULE_DELAY', 1_000],
  metric: ['OTEL_METRIC_EXPORT_INTERVAL', 60_000],
}

/** `given` is what the lab itself sets for the program, which the user's own environment overrides. */
export function sdkOf(env: Record<string, string | undefined>, given: Record<string, string | undefined> = {}): Sdk {
  const of = ([name, ms]: [string, number]) => {
    const value = Number(env[name] || given[name] || ms)
    return Number.isFinite(value) && value >= 0 ? value : ms
  }
  return { span: of(DEFAULTS.span), log: of(DEFAULTS.log), metric: of(DEFAULTS.metric) }
}
