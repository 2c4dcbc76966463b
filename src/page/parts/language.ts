export type Language = 'PromQL' | 'TraceQL' | 'LogQL'

const COMMANDS: Record<Language, string> = { PromQL: 'prometheus', TraceQL: 'tempo', LogQL: 'loki' }

/** As a shell takes it. */
export const commandFor = (language: Language, query: string) =>
  `otel-lab query ${COMMANDS[language]} '${query.replaceAll("'", `'\\''`)}'`
