import type { Static } from '../traceql/ast.ts'
import { staticText } from '../traceql/print.ts'
import { valueJson } from './otlp-json.ts'

/** A value of the language as an OTLP AnyValue in JSON: what OTLP has no word for becomes text. */
export function staticJson(s: Static): object {
  switch (s.type) {
    case 'int':
    case 'float':
    case 'bool':
    case 'int[]':
    case 'float[]':
    case 'bool[]':
    case 'string[]':
      return valueJson(s.value)
    default:
      return { stringValue: staticText(s) }
  }
}
