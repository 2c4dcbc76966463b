export const traceUrl = (id: string) => `/api/traces/${encodeURIComponent(id)}`
