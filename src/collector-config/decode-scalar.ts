import { parseDuration } from '../util/duration.ts'
import { nameOf, problem, type Run, unconvertible } from './decode-run.ts'
import { type ConfigNode, isNil } from './node.ts'
import type { Schema } from './schema.ts'

export type ScalarSchema = Extract<Schema, { kind: 'string' | 'bool' | 'int' | 'float' | 'duration' | 'text' }>

export function decodeScalar(node: ConfigNode, schema: ScalarSchema, path: string[], run: Run): unknown {
  if (isNil(node) && node.original === undefined) return zeroOf(schema)
  if (schema.kind === 'int' || schema.kind === 'float') return decodeNumber(node, schema, path, run)
  if (schema.kind === 'duration') return decodeDuration(node, path, run)
  if (schema.kind === 'bool') {
    if (isNil(node)) return false
    if (node.kind === 'scalar' && node.type === 'bool') return node.value
    unconvertible(run, path, 'bool', node)
    return schema.default
  }
  if (schema.kind === 'text' && node.kind === 'scalar' && typeof node.value === 'number') {
    const meant = schema.numbers?.get(node.value)
    if (meant !== undefined) return meant
  }
  const written = textOf(node)
  if (written === undefined) {
    unconvertible(run, path, schema.kind === 'text' ? schema.go : 'string', node)
    return schema.default
  }
  if (schema.kind === 'string') return written
  const parsed = schema.parse(written)
  if ('value' in parsed) return parsed.value
  // An unset variable leaves a word at its default, where it may not be empty.
  if (!isNil(node)) problem(run, path, parsed.error, node.at, parsed.hint)
  return schema.default
}

/** The text of a string, or of a whole `${env:X}` whatever it looks like. */
function textOf(node: ConfigNode): string | undefined {
  if (node.original !== undefined) return node.original
  return node.kind === 'scalar' && node.type === 'string' ? String(node.value) : undefined
}

/** A bare `key:` sets a scalar to Go's zero value, whatever its default. */
function zeroOf(schema: ScalarSchema): unknown {
  if (schema.kind === 'string') return ''
  if (schema.kind === 'bool') return false
  return schema.kind === 'text' ? schema.default : 0
}

function decodeNumber(
  node: ConfigNode,
  schema: Extract<Schema, { kind: 'int' | 'float' }>,
  path: string[],
  run: Run,
): unknown {
  if (isNil(node)) return 0
  if (node.kind !== 'scalar' || typeof node.value !== 'number') {
    unconvertible(run, path, schema.go, node)
    return schema.default
  }
  if (schema.kind === 'float') return node.value
  if (schema.unsigned && node.value < 0) {
    problem(run, path, `cannot parse value as '${schema.go}': ${node.value} overflows uint`, node.at)
    return schema.default
  }
  return Math.trunc(node.value)
}

/** Milliseconds. */
function decodeDuration(node: ConfigNode, path: string[], run: Run): number {
  if (isNil(node)) return 0
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    // A bare number is nanoseconds: legal, and hardly ever meant.
    if (node.value !== 0) {
      run.problems.push({
        severity: 'warning',
        message: `'${nameOf([...run.base, ...path])}' is ${node.value} nanoseconds: a number without a unit`,
        at: node.at,
        hint: `write the unit, such as ${node.value}s or ${node.value}ms`,
      })
    }
    return node.value / 1e6
  }
  if (node.kind !== 'scalar' || node.type !== 'string') {
    unconvertible(run, path, 'time.Duration', node)
    return 0
  }
  const ms = parseDuration(String(node.value))
  if (ms !== undefined) return ms
  const hint = 'a duration is a number and a unit, such as 200ms, 1s or 1m30s'
  problem(run, path, durationError(String(node.value)), node.at, hint)
  return 0
}

/** Go's words, without the value, as mapstructure has them. */
function durationError(text: string): string {
  const term = /^[-+]?(\d+(\.\d*)?|\.\d+)/.exec(text)
  if (term === null) return 'time: invalid duration'
  return /[a-zµμ]/i.test(text.slice(term[0].length)) ? 'time: unknown unit' : 'time: missing unit in duration'
}
