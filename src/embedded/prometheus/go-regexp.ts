import { RE2JS } from 're2js'

/**
 * A JavaScript RegExp for a Go (RE2) expression that must match the whole text, as labels are always matched.
 * Throws Error in Go's words when it is not valid there. What differs: flags in front, and `(?P<name>`.
 */
export function anchoredRegExp(source: string): RegExp {
  RE2JS.compile(`^(?:${source})$`)
  const flags = /^\(\?([ims]+)\)/.exec(source)
  const body = source.slice(flags?.[0].length ?? 0).replaceAll('(?P<', '(?<')
  const wanted = new Set(['s', 'u', ...(flags?.[1] ?? '')])
  const build = (set: Set<string>) => new RegExp(`^(?:${body})$`, [...set].join(''))
  try {
    return build(wanted)
  } catch {
    // Go lets any punctuation be escaped, as in `\-` or `\"`; only without `u` does JavaScript.
    wanted.delete('u')
    return build(wanted)
  }
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name` (the longest word), `$$`. */
export function expandTemplate(template: string, match: RegExpExecArray): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$'
    const name = (bare ?? braced)!
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
  })
}
