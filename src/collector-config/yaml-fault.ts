import type { YAMLParseError } from 'yaml'

export interface YamlFault {
  /** go-yaml's words for it, which the collector prints. */
  words: string
  /** Where to look; for something that is not closed, where it opens. */
  at: number
  hint: string
}

const QUOTE_IT = 'put the text in quotes'

/** The yaml package's error as go-yaml would tell it. What has no counterpart keeps the package's own words. */
export function yamlFault(error: YAMLParseError, text: string): YamlFault {
  const [pos] = error.pos
  const fault = (words: string, hint: string, at = pos): YamlFault => ({ words, hint, at })
  const unclosed = /end with an? ([\]}])$/.exec(error.message)?.[1]
  if (unclosed !== undefined) {
    const open = unclosed === ']' ? '[' : '{'
    const at = Math.max(0, text.lastIndexOf(open, pos - 1))
    return fault(`did not find expected ',' or '${unclosed}'`, `the ${open} is not closed: write the ${unclosed}`, at)
  }
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return fault('found character that cannot start any token', 'YAML is indented with spaces: replace the tab')
    case 'MISSING_CHAR': {
      const quote = /closing (["'])quote/.exec(error.message)?.[1]
      if (quote === undefined) break
      return fault('found unexpected end of stream', `the ${quote} is not closed`, openingQuote(text, quote))
    }
    case 'UNEXPECTED_TOKEN':
      return fault('did not find expected key', error.message)
    case 'BAD_INDENT':
      return fault(
        'did not find expected key',
        `${error.message}: indent it as its neighbours are`,
        firstOfLine(text, pos),
      )
    case 'BLOCK_AS_IMPLICIT_KEY':
      return fault(
        'mapping values are not allowed in this context',
        `a text with a colon and a space in it: ${QUOTE_IT}`,
      )
    case 'MULTILINE_IMPLICIT_KEY':
      return fault('mapping values are not allowed in this context', 'is there a space behind the colon?')
    case 'BAD_SCALAR_START':
      return fault('found character that cannot start any token', QUOTE_IT)
    case 'BAD_ALIAS':
      return fault('did not find expected alphabetic or numeric character', QUOTE_IT)
    case 'BAD_DQ_ESCAPE':
      return fault('found unknown escape character', 'write the backslash twice, or use single quotes')
  }
  return fault(error.message, 'see what you changed: otel-lab config diff')
}

/** The first quote that leaves the rest of the text inside quotes: everything before it is in pairs. */
function openingQuote(text: string, quote: string): number {
  let at = 0
  for (const line of text.split('\n')) {
    const count = line.replace(/(^|\s)#.*/, '').split(quote).length - 1
    if (count % 2 === 1) return at + line.lastIndexOf(quote)
    at += line.length + 1
  }
  return Math.max(0, text.lastIndexOf(quote))
}

function firstOfLine(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const lead = /^[ \t]*/.exec(text.slice(start))![0].length
  return Math.max(offset, start + lead)
}
