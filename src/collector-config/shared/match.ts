import { any, bool, int, list, maybe, pointer, string, strings, struct } from '../schema.ts'

const regexp = () => struct('regexp.Config', { cacheenabled: bool(), cachemaxnumentries: int() })
export const attribute = () => struct('filterconfig.Attribute', { key: string(), value: any() })

/** internal/filter/filterconfig: which spans, logs or metrics a processor is about. */
const properties = () =>
  struct('filterconfig.MatchProperties', {
    match_type: string(),
    regexp: pointer(regexp()),
    services: strings(),
    span_names: strings(),
    log_bodies: strings(),
    log_severity_texts: strings(),
    log_severity_number: pointer(
      struct('filterconfig.LogSeverityNumberMatchProperties', {
        min: int(0, 'plog.SeverityNumber'),
        match_undefined: bool(),
      }),
    ),
    metric_names: strings(),
    attributes: list(attribute()),
    resources: list(attribute()),
    libraries: list(struct('filterconfig.InstrumentationLibrary', { name: string(), version: maybe(string()) })),
    span_kinds: strings(),
  })

export const matchFields = () => ({ include: pointer(properties()), exclude: pointer(properties()) })

const metricProperties = () =>
  struct('filterconfig.MetricMatchProperties', {
    match_type: string(),
    regexp: pointer(regexp()),
    metric_names: strings(),
    expressions: strings(),
    resource_attributes: list(attribute()),
  })

export const metricMatchFields = () => ({
  include: pointer(metricProperties()),
  exclude: pointer(metricProperties()),
  regexp: pointer(regexp()),
})

const SEVERITIES = /^([1-9]|1\d|2[0-4]|(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)[2-4]?)$/i

const logProperties = () =>
  struct(
    'filterprocessor.LogMatchProperties',
    {
      match_type: string(),
      resource_attributes: list(attribute()),
      record_attributes: list(attribute()),
      severity_texts: strings(),
      severity_number: pointer(
        struct('filterprocessor.LogSeverityNumberMatchProperties', { min: string(), match_undefined: bool() }),
      ),
      bodies: strings(),
    },
    function* (log) {
      const min = log.severity_number?.min ?? ''
      if (min !== '' && !SEVERITIES.test(min)) {
        yield { message: `'${min}' is not a valid severity: not a valid severity`, key: ['severity_number', 'min'] }
      }
    },
  )

export const logMatchFields = () => ({ include: pointer(logProperties()), exclude: pointer(logProperties()) })
