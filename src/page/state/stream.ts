/** After so long a connection that ended is made anew; one that says nothing for so long is taken for dead. */
const [AGAIN_MS, SILENT_MS] = [2_000, 45_000]

/**
 * Hears what the server tells by itself, until it is stopped. Over a WebSocket: of plain connections a browser has six
 * for all its tabs together, and one that is kept open is one less for everything else.
 */
export function listen(path: () => string, hear: (event: string, data: unknown) => void): () => void {
  let socket: WebSocket
  let again: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const connect = () => {
    const mine = new WebSocket(location.origin.replace(/^http/, 'ws') + path())
    socket = mine
    const isAlive = () => {
      clearTimeout(silence)
      silence = setTimeout(() => mine.close(), SILENT_MS)
    }
    isAlive()
    mine.onmessage = ({ data }) => {
      isAlive()
      const { event, data: told } = JSON.parse(data as string) as { event: string; data: unknown }
      if (event !== 'ping' && !stopped) hear(event, told)
    }
    mine.onclose = () => {
      clearTimeout(silence)
      if (!stopped) again = setTimeout(connect, AGAIN_MS)
    }
  }
  connect()
  return () => {
    stopped = true
    clearTimeout(again)
    clearTimeout(silence)
    socket.close()
  }
}
