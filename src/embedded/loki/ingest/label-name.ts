/** How many names are remembered; attribute keys are few, so this is only a bound. */
const MEMORY = 10_000

/** Builds the label name of an OTLP attribute key or a piece of structured metadata. Throws Error when none can be. */
export type LabelNamer = (key: string) => string

/**
 * The translation of prometheus/otlptranslator's LabelNamer, which Loki uses: what is not a letter, a digit or `_`
 * becomes `_`, runs of `_` become one, a leading digit gets `key_` before it. It runs for every attribute of every
 * line, hence the memory.
 */
export function createLabelNamer(): LabelNamer {
  const known = new Map<string, string>()
  return (key) => {
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const name = labelName(key)
    if (known.size >= MEMORY) known.clear()
    known.set(key, name)
    return name
  }
}

export function labelName(key: string): string {
  if (key === '') throw new Error('label name is empty')
  const reserved = key.length >= 4 && key.startsWith('__') && key.endsWith('__')
  const inner = (reserved ? key.slice(2, -2) : key).replace(/[^a-zA-Z0-9]+/gu, '_')
  const name = reserved ? `__${inner}__` : inner
  if (/^_*$/.test(name))
    throw new Error(
      `normalization for label name ${JSON.stringify(key)} resulted in invalid name ${JSON.stringify(name)}`,
    )
  return /^\d/.test(name) ? `key_${name}` : name
}
