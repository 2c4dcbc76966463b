const MAX_BYTES = 1 << 20

/** The newest that a service has said. Into its log file anybody may write; this holds what it wrote itself. */
export function keepSaid(now: () => number = Date.now) {
  const said: { at: number; text: string }[] = []
  let bytes = 0
  return {
    add(text: string): void {
      said.push({ at: now(), text })
      bytes += text.length
      while (bytes > MAX_BYTES && said.length > 1) bytes -= said.shift()!.text.length
    },
    /** Since a moment in milliseconds. */
    since: (moment: number): string =>
      said
        .filter(({ at }) => at >= moment)
        .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
        .join(''),
  }
}
