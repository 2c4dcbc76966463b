import { type TSchema, Type } from '@sinclair/typebox'

/** Names that hints, progress, answers and scripts use. */
export const Id = Type.String({ pattern: '^[a-z0-9-]+$' })

/** Text in which `${name}` stands for a parameter of the exercise, `${run}` and `${trace}` for those of the attempt. */
export const text = (description: string, more: { minLength?: number; maxLength?: number } = {}) =>
  Type.String({ description, ...more })

/** What may be written alone or as a list. */
export const oneOrMore = <T extends TSchema>(one: T, description: string) =>
  Type.Union([one, Type.Array(one, { minItems: 1 })], { description })

/** A number, or text that becomes one once `${name}` is filled in. */
export const NumberOrParameter = Type.Union([Type.Number(), Type.String({ pattern: '^\\$\\{[a-z_]+\\}$' })])

/** An object that may hold nothing else. */
export const closed = { additionalProperties: false } as const

/** One of a few words. As an enum: editors complete it, and a fault names them all. */
export const word = <const T extends string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>({ enum: words, ...(description ? { description } : {}) })

/** A path that stays in the lab folder. */
export const pathInLab = (description: string) =>
  Type.String({ description, pattern: '^(?!.*\\.\\.)[A-Za-z0-9_-][A-Za-z0-9_./-]*$' })
