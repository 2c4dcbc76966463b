import type { ComponentChildren } from 'preact'

/** The little Markdown that exercises are written in: headings, lists, code, paragraphs. Text stays text. */
export function Markdown({ text }: { text: string }) {
  const blocks: ComponentChildren[] = []
  const lines = text.replaceAll('\r', '').split('\n')
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) blocks.push(<p key={blocks.length}>{inline(paragraph.join(' '))}</p>)
    paragraph = []
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const fenced = /^\s*```/.test(line)
    const indented = /^( {4,}|\t)\S/.test(line) && paragraph.length === 0
    if (fenced || indented) {
      flush()
      const code: string[] = []
      if (fenced) while (++i < lines.length && !/^\s*```/.test(lines[i]!)) code.push(lines[i]!)
      else {
        for (; i < lines.length && (/^( {4,}|\t)/.test(lines[i]!) || lines[i] === ''); i++) code.push(lines[i]!)
        i--
      }
      blocks.push(
        <pre key={blocks.length} class="raw">
          {code
            .map((one) => one.replace(/^\s{0,8}/, ''))
            .join('\n')
            .trim()}
        </pre>,
      )
    } else if (/^#+ /.test(line)) {
      flush()
      blocks.push(<h3 key={blocks.length}>{inline(line.replace(/^#+ /, ''))}</h3>)
    } else if (/^\s*([-*]|\d+[.]) /.test(line)) {
      flush()
      paragraph = [line.trim()]
    } else if (line.trim() === '') flush()
    else paragraph.push(line.trim())
  }
  flush()
  return <div class="markdown">{blocks}</div>
}

function inline(text: string): ComponentChildren[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return <code key={part}>{part.slice(1, -1)}</code>
    if (part.startsWith('**')) return <b key={part}>{part.slice(2, -2)}</b>
    return part
  })
}
