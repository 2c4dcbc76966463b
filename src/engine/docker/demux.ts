import { StringDecoder } from 'node:string_decoder'

export interface DockerLine {
  stream: 'stdout' | 'stderr'
  text: string
}

/** A line longer than this is cut: the daemon's frames have no bound of their own. */
const MAX_LINE = 1 << 20

/**
 * Takes apart the daemon's log stream (Engine API, ContainerAttach, "Stream format"): frames of one byte stream
 * type, three of nothing, four of length, and so many of payload. Frames and lines may be cut anywhere.
 */
export function demux(): { take(bytes: Buffer): DockerLine[]; rest(): DockerLine[] } {
  let pending: Buffer = Buffer.alloc(0)
  const streams = {
    stdout: { text: '', decoder: new StringDecoder('utf8') },
    stderr: { text: '', decoder: new StringDecoder('utf8') },
  }
  return {
    take(bytes) {
      const lines: DockerLine[] = []
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
      let at = 0
      while (pending.length - at >= 8) {
        const length = pending.readUInt32BE(at + 4)
        if (pending.length - at - 8 < length) break
        const stream = pending[at] === 2 ? 'stderr' : 'stdout'
        const state = streams[stream]
        state.text += state.decoder.write(pending.subarray(at + 8, at + 8 + length))
        const parts = state.text.split('\n')
        state.text = parts.pop()!.slice(0, MAX_LINE)
        for (const text of parts) lines.push({ stream, text: text.replace(/\r$/, '') })
        at += 8 + length
      }
      pending = pending.subarray(at)
      return lines
    },
    rest() {
      const names = ['stdout', 'stderr'] as const
      return names.flatMap((stream) => {
        const { text } = streams[stream]
        streams[stream].text = ''
        return text === '' ? [] : [{ stream, text }]
      })
    },
  }
}
