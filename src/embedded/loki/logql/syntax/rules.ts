import type { Rule } from '../../../../util/lalr.ts'

// biome-ignore lint/suspicious/noExplicitAny: the values of a stack machine; each action knows its own
export type Value = any
/** What makes a rule's value of the values of its right-hand side, and of where that starts in the query. */
export type Act = (values: Value[], offset: number) => Value

export interface ActingRule extends Rule {
  act: Act
}

/** `lhs: rhs`, symbols apart by blanks. */
export function rule(lhs: string, rhs: string, act: Act = ([first]) => first): ActingRule {
  return { lhs, rhs: rhs.split(' '), act }
}

/** The value of the `n`th symbol, from 1 as in yacc. */
export const pick =
  (n: number): Act =>
  (v) =>
    v[n - 1]

/** `list: item | list , item`. */
export function listRules(list: string, item: string): ActingRule[] {
  return [rule(list, item, ([first]) => [first]), rule(list, `${list} , ${item}`, ([all, , next]) => [...all, next])]
}
