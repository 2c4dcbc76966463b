export interface Piece {
  text: string
  kind?: 'string' | 'number' | 'word' | 'label'
}

const TOKEN =
  /("(?:[^"\\]|\\.)*"|`[^`]*`)|([A-Za-z_:][\w:.]*)(?=\s*(?:=|!=|=~|!~|>|<))|\b(\d+(?:\.\d+)?[a-z]*)\b|([A-Za-z_]\w*)(?=\s*\()|\b(by|without|and|or|unless|json|logfmt)\b/g

/** Enough colour to read a query by; the editor brings the languages' own grammars. */
export function colourQuery(query: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of query.matchAll(TOKEN)) {
    if (match.index > at) pieces.push({ text: query.slice(at, match.index) })
    const [text, string, label, number] = match
    const kind = string ? 'string' : label ? 'label' : number ? 'number' : 'word'
    pieces.push({ text, kind })
    at = match.index + text.length
  }
  if (at < query.length) pieces.push({ text: query.slice(at) })
  return pieces
}
