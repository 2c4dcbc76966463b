import { createHash } from 'node:crypto'
import type { ParameterSpec } from './exercise.ts'

export type Values = Readonly<Record<string, string>>

/** What `${...}` may be besides the exercise's own parameters. */
export const BUILT_IN = ['run', 'trace', 'start', 'now'] as const

/**
 * The values of parameters: the same for the same `seed`, and as good as random for another. Each name is drawn on
 * its own, so that a new parameter does not change the others.
 */
export function drawValues(
  parameters: Readonly<Record<string, ParameterSpec>> = {},
  seeds: { learner: string; attempt: string },
): Values {
  const entries = Object.entries(parameters).map(([name, spec]) => {
    const bytes = createHash('sha256')
      .update(`${seeds[spec.per ?? 'learner']} ${name}`)
      .digest()
    return [name, draw(spec, bytes)] as const
  })
  return Object.fromEntries(entries)
}

function draw(spec: ParameterSpec, bytes: Buffer): string {
  const pick = (most: number) => bytes.readUInt32BE(0) % most
  if ('one_of' in spec) return String(spec.one_of[pick(spec.one_of.length)])
  if ('from' in spec) return String(Math.min(spec.from, spec.to) + pick(Math.abs(spec.to - spec.from) + 1))
  return [...bytes.subarray(0, spec.letters)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')
}

const NAME = /\$\{([a-z][a-z_.]*)\}/g

/** Which `${name}`s stand in a value, however deep. */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(NAME)].map(([, name]) => name!)
  if (Array.isArray(value)) return value.flatMap(namesIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : []
}

/** The same value with each known `${name}` replaced; `${env:X}` and what is not known stay as they are. */
export function fill<T>(value: T, values: Values): T {
  if (typeof value === 'string')
    return value.replace(NAME, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole)) as T
  if (Array.isArray(value)) return value.map((one) => fill(one, values)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, values)])) as T
}
