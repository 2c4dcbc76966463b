import { goMatcher } from '../../util/go-regexp.ts'
import { table } from '../../util/table.ts'
import { type FunctionTable, of } from '../function.ts'
import { type OttlValue, textOf } from '../values.ts'

/** Patterns that are not written out vary with the data; so many are kept compiled. */
const MAX_PATTERNS = 256

const matches = (target: OttlValue, test: (text: string) => boolean) => target !== null && test(textOf(target))

/** nil stays nil. */
const onText = (run: (text: string, ...args: OttlValue[]) => OttlValue) => (args: OttlValue[]) =>
  args[0] === null ? null : run(textOf(args[0]!), ...args.slice(1))

const words = (text: string) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()

const CASES: Record<string, (text: string) => string> = table({
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  snake: (text) => words(text).join('_').toLowerCase(),
  camel: (text) => words(text).map(capital).join(''),
})

export const TEXTS: FunctionTable = {
  IsMatch: {
    prepare: ([, pattern]) => {
      if (pattern === undefined) {
        const compiled = new Map<string, (text: string) => boolean>()
        return ([target, varying]) => {
          const source = textOf(varying!)
          const test = compiled.get(source) ?? goMatcher(source)
          if (compiled.size >= MAX_PATTERNS) compiled.clear()
          compiled.set(source, test)
          return matches(target!, test)
        }
      }
      try {
        const test = goMatcher(textOf(pattern))
        return ([target]) => matches(target!, test)
      } catch (error) {
        const told = `the regex pattern supplied to IsMatch '${JSON.stringify(textOf(pattern))}' is not a valid pattern`
        throw new Error(`${told}: ${(error as Error).message}`)
      }
    },
    run: ([target, pattern]) => matches(target!, goMatcher(textOf(pattern!))),
  },
  Concat: of(([values, by]) => (values as OttlValue[]).map(textOf).join(textOf(by!))),
  ConvertCase: {
    prepare: ([, to]) => {
      if (to !== undefined && CASES[textOf(to)] === undefined) {
        throw new Error(`invalid case: ${textOf(to)}, allowed cases are: lower, upper, snake, camel`)
      }
      return undefined
    },
    run: onText((text, to) => (CASES[textOf(to!)] ?? ((same: string) => same))(text)),
  },
  ToLowerCase: of(onText(CASES.lower!)),
  ToUpperCase: of(onText(CASES.upper!)),
  ToSnakeCase: of(onText(CASES.snake!)),
  ToCamelCase: of(onText(CASES.camel!)),
  HasPrefix: of(([text, prefix]) => text !== null && textOf(text!).startsWith(textOf(prefix!))),
  HasSuffix: of(([text, suffix]) => text !== null && textOf(text!).endsWith(textOf(suffix!))),
  Substring: of(
    onText((text, start, length) => {
      const [from, count] = [Number(start), Number(length)]
      if (from < 0 || count <= 0 || from + count > text.length) {
        throw new Error(
          `invalid range for substring function, ${from} cannot be greater than or equal to the length of target string(${text.length})`,
        )
      }
      return text.slice(from, from + count)
    }),
  ),
  Split: of(onText((text, by) => text.split(textOf(by!)))),
  Trim: of(
    onText((text, cut) => {
      const chars = new Set(cut === undefined ? ' ' : textOf(cut!))
      let [from, to] = [0, text.length]
      while (from < to && chars.has(text[from]!)) from++
      while (to > from && chars.has(text[to - 1]!)) to--
      return text.slice(from, to)
    }),
  ),
  TrimPrefix: of(
    onText((text, prefix) => (text.startsWith(textOf(prefix!)) ? text.slice(textOf(prefix!).length) : text)),
  ),
  TrimSuffix: of(
    onText((text, suffix) =>
      textOf(suffix!) !== '' && text.endsWith(textOf(suffix!)) ? text.slice(0, -textOf(suffix!).length) : text,
    ),
  ),
  Format: of(([format, args]) => {
    const values = [...(args as OttlValue[])]
    return textOf(format!).replace(/%[%vsdfq]/g, (verb) => {
      if (verb === '%%') return '%'
      const text = textOf(values.shift() ?? null)
      return verb === '%q' ? JSON.stringify(text) : text
    })
  }),
}
