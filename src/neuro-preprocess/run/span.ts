import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { ScanFault } from '../fault.ts'

/** In which span an error happened; those above it only pass it on. */
export interface Origin {
  name: string
  context: Context
}

/** Runs work in spans and remembers where each error came from. */
export interface Spans {
  in<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>, parent?: Context): Promise<T>
  originOf(error: unknown): Origin | undefined
}

export function createSpans(tracer: Tracer): Spans {
  const origins = new WeakMap<object, Origin>()
  return {
    originOf: (error) => origins.get(error as object),
    in: (name, attributes, work, parent = context.active()) => {
      const span = tracer.startSpan(name, { attributes }, parent)
      const inside = trace.setSpan(parent, span)
      return context.with(inside, async () => {
        try {
          const result = await work(span)
          span.setStatus({ code: SpanStatusCode.OK })
          return result
        } catch (error) {
          const known = error instanceof Error ? error : new Error(String(error))
          // Recorded where it happened; up to the root each span is marked as failed, with the reason.
          if (!origins.has(known)) {
            origins.set(known, { name, context: inside })
            span.recordException(known)
          }
          span.setAttribute('error.type', errorType(known))
          span.setStatus({ code: SpanStatusCode.ERROR, message: known.message })
          throw known
        } finally {
          span.end()
        }
      })
    },
  }
}

/** `error.type` (opentelemetry.io/docs/specs/semconv/registry/attributes/error): few values, known beforehand. */
export const errorType = (error: Error) => (error instanceof ScanFault ? error.code : error.name)
