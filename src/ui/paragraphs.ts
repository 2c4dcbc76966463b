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
  for (const line of text.split('\n')) {
    const fence = /^\s*```/.test(line)
    if (fence) fenced = !fenced
    const plain = !fence && !fenced && line.trim() !== ''
    if (open && plain && !OWN_LINE.test(line)) {
      out[out.length - 1] += ` ${line.trim()}`
      continue
    }
    out.push(line)
    // Indented behind an empty line it is code.
    const code = /^ {4}/.test(line) && !OWN_LINE.test(line)
    open = plain && !code && !/^\s*(?:#|\|)/.test(line)
  }
  return out.join('\n')
}
