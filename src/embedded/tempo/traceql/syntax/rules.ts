import type { Rule } from '../../../../util/lalr.ts'

/** What an action is given: the values of the right-hand side, and a way to refuse with a message. */
// biome-ignore lint/suspicious/noExplicitAny: the values of a stack machine; each action knows its own
export type Value = any
export type Act = (values: Value[], fail: (message: string) => void) => Value

export interface ActingRule extends Rule {
  act: Act
}

/** `lhs: rhs`, symbols apart by blanks. */
export function rule(lhs: string, rhs: string, act: Act, prec?: string): ActingRule {
  return { lhs, rhs: rhs.split(' '), act, ...(prec !== undefined && { prec }) }
}

/** The value of the `n`th symbol, from 1 as in yacc. */
export const pick =
  (n: number): Act =>
  (v) =>
    v[n - 1]
