import { staticText } from '../traceql/print.ts'
import type { Span, Trace } from '../traceql/source.ts'

/** Tags whose value may be a part of what is stored; those of any other tag must be the same. */
const SUBSTRING = new Set([
  'name',
  'service.name',
  'root.name',
  'root.service.name',
  'http.method',
  'http.url',
  'cluster',
  'namespace',
  'pod',
  'container',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
])

/** The search without a query: every tag must be found somewhere in the trace, on a span or its resource. */
export function hasTags(trace: Trace, tags: ReadonlyMap<string, string>): boolean {
  for (const [key, wanted] of tags) {
    const fits = (value: string) => (SUBSTRING.has(key) ? value.includes(wanted) : value === wanted)
    if (key === 'root.name') {
      if (!fits(trace.rootName)) return false
    } else if (key === 'root.service.name') {
      if (!fits(trace.rootServiceName)) return false
    } else if (!trace.spans.some((span) => valuesOf(span, key).some(fits))) return false
  }
  return true
}

function valuesOf(span: Span, key: string): string[] {
  if (key === 'name') return [span.name]
  if (key === 'status.code') return [span.status]
  if (key === 'error') return [String(span.status === 'error')]
  if (key === 'service.name') return [span.resource.serviceName]
  return [span.attributes.get(key), span.resource.attributes.get(key)].flatMap((v) => (v ? [staticText(v)] : []))
}
