/** How attribute keys become label names (prometheus/otlptranslator). */
export interface LabelNaming {
  utf8Allowed: boolean
  /** Keep runs of underscores, as the collector does. */
  preserveMultipleUnderscores: boolean
  /** `_x` becomes `key_x`; not by default. */
  underscoreLabelSanitization?: boolean
}

/** Throws an Error in the translator's words. */
export function labelName(naming: LabelNaming, label: string): string {
  if (label === '') throw new Error('label name is empty')
  if (naming.utf8Allowed) {
    if (/^_+$/.test(label)) throw new Error(`label name ${JSON.stringify(label)} contains only underscores`)
    return label
  }
  let name = sanitized(label, naming.preserveMultipleUnderscores)
  if (/^\d/.test(name)) name = `key_${name}`
  else if (naming.underscoreLabelSanitization && /^_(?!_)/.test(name)) name = `key${name}`
  if (/^_*$/.test(name)) {
    const words = `resulted in invalid name ${JSON.stringify(name)}`
    throw new Error(`normalization for label name ${JSON.stringify(label)} ${words}`)
  }
  return name
}

function sanitized(label: string, preserve: boolean): string {
  if (preserve) return label.replace(/[^a-zA-Z0-9]/gu, '_')
  const collapse = (text: string) => text.replace(/[^a-zA-Z0-9]+/gu, '_')
  // Names such as __name__ keep their two pairs.
  return label.length >= 4 && label.startsWith('__') && label.endsWith('__')
    ? `__${collapse(label.slice(2, -2))}__`
    : collapse(label)
}
