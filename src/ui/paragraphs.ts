/** Begins a line of its own: a list item, a heading, a quote, a table's row, a fence. */
const OWN_LINE = /^\s*(?:[-*+] |\d+[.)] |#{1,6} |>|\||```)/

/**
 * Joins the lines of each paragraph and list item of a Markdown text, which its author broke for a width of their own.
 * Blocks of code stay as they are.
 */
export function joinParagraphs(text: string): string {
  const out: string[] = []
  let fenced = false
  /** Whether the last line is text that the next may go on. */
  let open = false
  let code = false
  let last = ''
  for (const line of text.split('\n')) {
    const fence = /^\s*```/.test(line)
    if (fence) fenced = !fenced
    // Indented behind an empty line it is code, and so is what follows, whatever it begins with.
    if (line.trim() !== '') code = /^ {4}/.test(line) && (code || last.trim() === '')
    last = line
    const plain = !fence && !fenced && !code && line.trim() !== ''
    if (open && plain && !OWN_LINE.test(line)) {
      out[out.length - 1] += ` ${line.trim()}`
      continue
    }
    out.push(line)
    open = plain && !/^\s*(?:#|\|)/.test(line)
  }
  return out.join('\n')
}
