export interface Keys {
  stop(): void
}

const NAMED: Record<string, string> = {
  '\u0003': 'ctrl-c',
  '\u0004': 'ctrl-d',
  '\r': 'enter',
  '\n': 'enter',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\t': 'tab',
  ' ': 'space',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
}

const TOKEN = /\u001b\[[\d;]*[A-Za-z~]|\u001bO[A-Z]|[\s\S]/gu

/** What was typed, key by key: a letter is itself, others have names such as `enter` and `page-down`. */
export function keysIn(typed: string): string[] {
  return (typed.match(TOKEN) ?? []).flatMap((token) => {
    const name = NAMED[token]
    if (name !== undefined) return [name]
    return token.length > 2 || token < ' ' ? [] : [token]
  })
}

/** Listens to the keyboard, each key as it is pressed. End of input is `ctrl-d`. */
export function listenToKeys(onKey: (key: string) => void, stream: NodeJS.ReadStream = process.stdin): Keys {
  const onData = (chunk: Buffer | string) => {
    for (const key of keysIn(chunk.toString())) onKey(key)
  }
  const onEnd = () => onKey('ctrl-d')
  stream.setRawMode?.(true)
  stream.on('data', onData)
  stream.on('end', onEnd)
  stream.resume()
  return {
    stop() {
      stream.off('data', onData)
      stream.off('end', onEnd)
      stream.setRawMode?.(false)
      stream.pause()
    },
  }
}
