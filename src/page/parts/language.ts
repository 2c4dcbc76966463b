export type Language = 'PromQL' | 'TraceQL' | 'LogQL'

const COMMANDS: Record<Language, string> = { PromQL: 'prometheus', TraceQL: 'tempo', LogQL: 'loki' }

const TRACE_ID = /^[0-9a-f]{16,32}$/i
/** A trace's id stands where its query does. */
export const isTraceId = (query: string) => TRACE_ID.test(query)

/** As a shell takes it. */
export const commandFor = (language: Language, query: string) =>
  language === 'TraceQL' && isTraceId(query)
    ? `otel-lab trace ${query}`
    : `otel-lab query ${COMMANDS[language]} '${query.replaceAll("'", `'\\''`)}'`
