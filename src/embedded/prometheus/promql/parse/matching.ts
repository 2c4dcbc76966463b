import type { VectorMatching } from '../ast.ts'
import { quote } from '../go-text.ts'
import { hasStrayBytes } from '../lex/bytes.ts'
import { unquoteLiteral } from '../lex/strings.ts'
import { LABEL_WORDS } from '../lex/tokens.ts'
import type { Cursor } from './cursor.ts'
import { numberLiteral } from './numbers.ts'

/** bin_modifier : BOOL? ((IGNORING | ON) grouping_labels ((GROUP_LEFT | GROUP_RIGHT) grouping_labels?)?)? fill_modifiers */
export function binaryModifiers(cursor: Cursor): { bool: boolean; matching: VectorMatching } {
  const matching: VectorMatching = {
    card: 'one-to-one',
    on: false,
    labels: [],
    include: [],
    fillLeft: undefined,
    fillRight: undefined,
  }
  const bool = cursor.accept('bool') !== undefined
  if (cursor.at('on', 'ignoring')) {
    matching.on = cursor.take().type === 'on'
    matching.labels = groupingLabels(cursor)
    if (cursor.at('group_left', 'group_right')) {
      matching.card = cursor.take().type === 'group_left' ? 'many-to-one' : 'one-to-many'
      if (cursor.at('(')) matching.include = groupingLabels(cursor)
    }
  }
  fillModifiers(cursor, matching)
  return { bool, matching }
}

/** fill_modifiers : FILL fill_value | FILL_LEFT fill_value (FILL_RIGHT fill_value)? | the other way round */
function fillModifiers(cursor: Cursor, matching: VectorMatching): void {
  if (cursor.accept('fill')) {
    matching.fillLeft = fillValue(cursor)
    matching.fillRight = matching.fillLeft
    return
  }
  for (let i = 0; i < 2; i++) {
    if (matching.fillLeft === undefined && cursor.accept('fill_left')) matching.fillLeft = fillValue(cursor)
    else if (matching.fillRight === undefined && cursor.accept('fill_right')) matching.fillRight = fillValue(cursor)
  }
}

/** fill_value : LEFT_PAREN unary_op? number_duration_literal RIGHT_PAREN */
function fillValue(cursor: Cursor): number {
  cursor.expect('(')
  const sign = cursor.at('+', '-') ? cursor.take().type : '+'
  const { value } = numberLiteral(cursor)
  cursor.expect(')')
  return sign === '-' ? -value : value
}

/** grouping_labels : LEFT_PAREN grouping_label_list COMMA? RIGHT_PAREN | LEFT_PAREN RIGHT_PAREN */
export function groupingLabels(cursor: Cursor): string[] {
  cursor.expect('(', 'grouping opts', '"("')
  const labels: string[] = []
  if (cursor.accept(')')) return labels
  do {
    if (labels.length > 0 && cursor.at(')')) break
    labels.push(groupingLabel(cursor))
  } while (cursor.accept(','))
  cursor.expect(')', 'grouping opts', '"," or ")"')
  return labels
}

/** grouping_label : maybe_label | STRING ; in UTF-8 every text but the empty one names a label. */
function groupingLabel(cursor: Cursor): string {
  const quoted = cursor.at('string')
  if (!quoted && !LABEL_WORDS.has(cursor.token.type)) cursor.unexpected('grouping opts', 'label')
  const token = cursor.take()
  const name = quoted ? unquoteLiteral(token.text) : token.text
  if (name === '' || hasStrayBytes(name)) cursor.fail(`invalid label name for grouping: ${quote(name)}`, token)
  return name
}
