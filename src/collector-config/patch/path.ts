import { LabError } from '../../errors.ts'

/** `service.pipelines.traces.exporters`, `exporters."my.id".endpoint`, `processors.resource.attributes[0].key`. */
export function parsePath(text: string): string[] {
  const parts: string[] = []
  // part ::= '"' chars '"' | chars ; index ::= '[' digits ']' ; path ::= part (index | '.' part)*
  const token = /(?:^|\.)(?:"([^"]+)"|([^.[\]"]+))|\[(\d+)\]/y
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) {
      throw new LabError('bad-path', `"${text}" is not a path: it goes wrong at "${text.slice(at)}"`, {
        hint: 'keys with dots between them, such as exporters.debug.verbosity',
        exit: 2,
      })
    }
    parts.push(match[1] ?? match[2] ?? match[3]!)
  }
  if (parts.length === 0) {
    throw new LabError('bad-path', 'the path is empty', { hint: 'such as exporters.debug.verbosity', exit: 2 })
  }
  return parts
}

export function formatPath(path: readonly string[]): string {
  return path.map((part) => (part.includes('.') ? `"${part}"` : part)).join('.')
}
