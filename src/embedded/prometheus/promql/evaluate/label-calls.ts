import { labelValue, withLabel } from '../../../series/labels.ts'
import { anchoredReplacer, type Replacer } from '../../../series/regexp.ts'
import { type Call, type Expr, type StringLiteral, unwrapped } from '../ast.ts'
import { failed } from '../errors.ts'
import { hasStrayBytes, withoutStrayBytes } from '../lex/bytes.ts'
import type { Context } from './context.ts'
import { type Matrix, mergeSameLabels } from './matrix.ts'

const isName = (text: string) => text !== '' && !hasStrayBytes(text)
const text = (arg: Expr | undefined) => (unwrapped(arg!) as StringLiteral).value

/** label_replace(v, dst, replacement, src, regex): only where the whole value of `src` matches. */
export function labelReplace({ args }: Call, matrix: Matrix, { budget }: Context): Matrix {
  const [dst, template, src, pattern] = [text(args[1]), text(args[2]), text(args[3]), text(args[4])]
  const replace = compile(pattern)
  if (!isName(dst)) throw failed(`invalid destination label name in label_replace(): ${dst}`)
  matrix.labels.forEach((labels, row) => {
    const value = replace(labelValue(labels, src), template)
    if (value !== undefined) setLabel(matrix, row, dst, value)
  })
  return mergeSameLabels(matrix, budget)
}

function compile(pattern: string): Replacer {
  try {
    return anchoredReplacer(pattern)
  } catch {
    throw failed(`invalid regular expression in label_replace(): ${pattern}`)
  }
}

/** label_join(v, dst, separator, src...) */
export function labelJoin({ args }: Call, matrix: Matrix, { budget }: Context): Matrix {
  const [dst, separator] = [text(args[1]), text(args[2])]
  const sources = args.slice(3).map(text)
  const wrong = sources.find((src) => !isName(src))
  if (wrong !== undefined) throw failed(`invalid source label name in label_join(): ${wrong}`)
  if (!isName(dst)) throw failed(`invalid destination label name in label_join(): ${dst}`)
  matrix.labels.forEach((labels, row) => {
    setLabel(matrix, row, dst, sources.map((src) => labelValue(labels, src)).join(separator))
  })
  return mergeSameLabels(matrix, budget)
}

/** A name given here is not taken away later. */
function setLabel(matrix: Matrix, row: number, name: string, value: string): void {
  matrix.labels[row] = withLabel(matrix.labels[row]!, name, withoutStrayBytes(value))
  if (name === '__name__') matrix.dropName[row] = false
}
