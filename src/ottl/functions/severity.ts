import { attributeOf } from '../../otlp/attributes.ts'
import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { goTypeOf, type OttlValue, textOf } from '../values.ts'

interface Rule {
  level: string
  equals: string[]
  min?: bigint
  max?: bigint
}

const wrong = (why: string) => new Error(`invalid severity mapping criteria: ${why}`)

/** `{"info": [{"equals": ["inf"]}, {"range": {"min": 200, "max": 299}}, {"range": "4xx"}]}` */
export function severityRules(mapping: KeyValueList): Rule[] {
  return mapping.values.flatMap(({ key: level, value: list }) => {
    if (!Array.isArray(list)) throw new Error('severity mapping criteria must be []any')
    return list.map((item) => {
      if (!(item instanceof KeyValueList)) throw new Error('severity mapping criteria items must be map[string]any')
      return {
        level,
        equals: equalsOf(attributeOf(item.values, 'equals')),
        ...rangeOf(attributeOf(item.values, 'range')),
      }
    })
  })
}

function equalsOf(value: AnyValue | undefined): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw wrong('equals must be a list')
  if (value.every((one) => typeof one === 'string')) return value
  throw wrong('equals values must be strings')
}

function rangeOf(range: AnyValue | undefined): { min?: bigint; max?: bigint } {
  if (range === undefined) return {}
  if (typeof range === 'string') {
    const hundred = /^([2-5])xx$/.exec(range)?.[1]
    if (hundred === undefined) throw wrong(`unknown range placeholder: ${range}`)
    return { min: BigInt(hundred) * 100n, max: BigInt(hundred) * 100n + 99n }
  }
  if (!(range instanceof KeyValueList)) throw wrong('range must be a map or a known placeholder string')
  const bound = (name: 'min' | 'max') => {
    const value = attributeOf(range.values, name)
    if (value === undefined) throw wrong(`range must have a ${name} value`)
    if (typeof value !== 'bigint') throw wrong(`${name} must be an int64`)
    return value
  }
  return { min: bound('min'), max: bound('max') }
}

export function severityOf(value: OttlValue, rules: readonly Rule[]): string {
  const shown = value === null ? '<nil>' : textOf(value)
  if (typeof value !== 'string' && typeof value !== 'bigint') {
    const type = value === null ? '<nil>' : goTypeOf(value)
    throw new Error(
      `could not map log level: could not evaluate log level of value '${shown}': unsupported value type: ${type}`,
    )
  }
  const found = rules.find(({ equals, min, max }) =>
    typeof value === 'string' ? equals.includes(value) : min !== undefined && value >= min && value <= max!,
  )
  if (found) return found.level
  throw new Error(`could not map log level: no matching log level found for value '${shown}'`)
}
