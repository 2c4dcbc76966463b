/** What a condition of the OpenTelemetry Transformation Language is made of (contrib pkg/ottl, grammar.go). */
export type Expr =
  | { kind: 'or' | 'and'; parts: Expr[] }
  | { kind: 'not'; of: Expr }
  | { kind: 'compare'; op: '==' | '!=' | '<' | '<=' | '>' | '>='; left: Value; right: Value }
  /** A converter or a bool that stands for itself. */
  | { kind: 'test'; of: Value }

export type Value =
  | { kind: 'literal'; value: string | bigint | number | boolean | null }
  | { kind: 'bytes'; hex: string }
  | Path
  | Call
  | { kind: 'list'; items: Value[] }
  | { kind: 'map'; entries: { key: string; value: Value }[] }
  | { kind: 'enum'; name: string }
  | { kind: 'math'; op: '+' | '-' | '*' | '/'; left: Value; right: Value }
  | { kind: 'negate'; of: Value }
  | { kind: 'lambda' }

export interface Path {
  kind: 'path'
  /** As written. */
  text: string
  fields: Field[]
  /** Where it begins, in UTF-16 code units. */
  at: number
}

export interface Field {
  name: string
  keys: Key[]
}

/** What stands between brackets: a text or a whole number, or a value that is worked out. */
export type Key = string | bigint | { value: Value }

export interface Call {
  kind: 'call'
  name: string
  args: Argument[]
  keys: Key[]
}

export interface Argument {
  /** For one that is given by name. */
  name?: string
  /** Absent where a function's name is the argument. */
  value?: Value
  functionName?: string
}

/** What a call does to the telemetry, and when. */
export interface Statement {
  editor: Call
  where?: Expr
}

/** A condition or a statement that OTTL would not take, in its words. */
export class OttlError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OttlError'
  }

  /** As Go's errors.Join and %w put it around one of several conditions. */
  in(text: string, what: 'condition' | 'statement' = 'condition'): OttlError {
    return new OttlError(`unable to parse OTTL ${what} ${JSON.stringify(text)}: ${this.message}`)
  }
}
