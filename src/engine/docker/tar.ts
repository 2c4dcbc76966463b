/** What goes into an archive: a file with its text, or a folder. */
export interface TarEntry {
  /** Relative, with `/`. */
  path: string
  content?: Buffer | string
  mode?: number
}

const BLOCK = 512

/** A POSIX ustar archive. All in it belongs to root and may be read by everybody, whatever it was on disk. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = []
  for (const { path, content, mode } of entries) {
    const body = content === undefined ? undefined : Buffer.from(content)
    parts.push(header(path, body, mode ?? (body ? 0o644 : 0o755)))
    if (body) parts.push(body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK))
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function header(path: string, body: Buffer | undefined, mode: number): Buffer {
  const name = body ? path : `${path}/`
  if (Buffer.byteLength(name) > 100) throw new Error(`the name is too long for an archive: ${path}`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at)
  block.write(name)
  octal(mode, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(body?.length ?? 0, 124, 11)
  octal(0, 136, 11)
  block.write('        ', 148)
  block.write(body ? '0' : '5', 156)
  block.write('ustar\u000000', 257)
  octal(
    block.reduce((total, byte) => total + byte, 0),
    148,
    6,
  )
  return block
}
