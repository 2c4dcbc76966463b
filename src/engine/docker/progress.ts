/** One step of a pull, a load or a build, as the daemon tells it: a JSON object a line. */
export interface ProgressEvent {
  id?: string
  status?: string
  stream?: string
  progressDetail?: { current?: number; total?: number }
  error?: string
}

/**
 * Reads a progress stream to its end. The answer began with 200, so a failure comes as an event of its own, which
 * docker-modem's followProgress lets pass: it is thrown here. A stream that breaks off rejects with its error.
 */
export async function followProgress(
  stream: NodeJS.ReadableStream,
  onEvent: (event: ProgressEvent) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  const read = (line: string) => {
    if (line.trim() === '') return
    const event = JSON.parse(line) as ProgressEvent
    if (event.error !== undefined) throw new Error(event.error)
    onEvent(event)
  }
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) read(line)
  }
  read(rest)
}
