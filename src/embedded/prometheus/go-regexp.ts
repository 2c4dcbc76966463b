/**
 * A JavaScript RegExp for a Go (RE2) expression that must match the whole text, as labels are always matched.
 * Throws Error when it is not valid. What differs and matters here: flags in front, and `(?P<name>`.
 */
export function anchoredRegExp(source: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(source)
  const body = source.slice(flags?.[0].length ?? 0).replaceAll('(?P<', '(?<')
  const wanted = new Set(['s', 'u', ...(flags?.[1] ?? '')])
  const build = (set: Set<string>) => new RegExp(`^(?:${body})$`, [...set].join(''))
  try {
    return build(wanted)
  } catch (error) {
    // Go lets any punctuation be escaped, as in `\-` or `\"`; only without `u` does JavaScript.
    wanted.delete('u')
    try {
      return build(wanted)
    } catch {
      throw new Error(`error parsing regexp: ${goReason((error as Error).message)}: \`^(?:${source})$\``)
    }
  }
}

/** What Go says to the commonest mistakes. */
function goReason(message: string): string {
  const reason = message.replace(/^.*\/[a-z]*: /s, '')
  const words: Record<string, string> = {
    'Unterminated group': 'missing closing )',
    "Unmatched ')'": 'unexpected )',
    'Unterminated character class': 'missing closing ]',
    'Nothing to repeat': 'missing argument to repetition operator',
    'Invalid capture group name': 'invalid named capture',
    'Range out of order in character class': 'invalid character class range',
    '\\ at end of pattern': 'trailing backslash at end of expression',
  }
  return words[reason] ?? reason
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name` (the longest word), `$$`. */
export function expandTemplate(template: string, match: RegExpExecArray): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$'
    const name = (bare ?? braced)!
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
  })
}
