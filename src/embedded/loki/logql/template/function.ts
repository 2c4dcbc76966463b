import { isGoTime } from './time.ts'
import { typeName, type Value } from './values.ts'

/** Of a parameter: text, an integer, a time, or anything. */
export type Parameter = 'string' | 'int' | 'time' | 'any'

export interface TemplateFunction {
  parameters: Parameter[]
  /** What further arguments must be, where there may be any number of them. */
  rest: Parameter | undefined
  /** Throws Error when the arguments make no sense. */
  call(...args: never[]): Value
}

export function fn(parameters: string, call: (...args: never[]) => Value): TemplateFunction {
  const list = parameters === '' ? [] : parameters.split(' ')
  const last = list.at(-1)
  if (last?.endsWith('...'))
    return { parameters: list.slice(0, -1) as Parameter[], rest: last.slice(0, -3) as Parameter, call }
  return { parameters: list as Parameter[], rest: undefined, call }
}

/** Undefined when `value` can be passed, else what Go says of it. */
export function mismatch(parameter: Parameter, value: Value): string | undefined {
  if (parameter === 'any') return undefined
  const fits =
    parameter === 'string'
      ? typeof value === 'string'
      : parameter === 'int'
        ? typeof value === 'bigint'
        : isGoTime(value)
  if (fits) return undefined
  const wanted = parameter === 'time' ? 'time.Time' : parameter
  if (value === undefined) return `invalid value; expected ${wanted}`
  return `wrong type for value; expected ${wanted}; got ${typeName(value)}`
}
