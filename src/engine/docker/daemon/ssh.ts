import { spawn } from 'node:child_process'
import { Agent } from 'node:http'
import { Duplex } from 'node:stream'

/**
 * Reaches a daemon as Docker's own client does: each connection is `ssh HOST docker system dial-stdio`, so that
 * keys, known hosts and jump hosts are those of the user's ssh. dockerode's own way (ssh2) knows none of them.
 */
export function sshAgent(address: URL): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const args = [
    ...(address.username ? ['-l', decodeURIComponent(address.username)] : []),
    ...(address.port ? ['-p', address.port] : []),
    '-o',
    'ConnectTimeout=10',
    '-o',
    'BatchMode=yes',
    '--',
    address.hostname,
    'docker',
    'system',
    'dial-stdio',
  ]
  agent.createConnection = () => dial(args) as never
  return agent
}

/** A child's stdin and stdout with those of a socket's methods that node:http calls. */
class StdioSocket extends Duplex {
  setKeepAlive() {
    return this
  }
  setNoDelay() {
    return this
  }
  setTimeout() {
    return this
  }
  ref() {
    return this
  }
  unref() {
    return this
  }
}

function dial(args: string[]): Duplex {
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  const socket: StdioSocket = new StdioSocket({
    read() {
      child.stdout.resume()
    },
    write: (chunk, encoding, done) => child.stdin.write(chunk, encoding, done),
    final: (done) => {
      child.stdin.end()
      done()
    },
    destroy: (error, done) => {
      child.kill()
      done(error)
    },
  })
  child.stdout.on('data', (chunk) => {
    if (!socket.push(chunk)) child.stdout.pause()
  })
  child.stdin.on('error', () => {})
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-1_000)
  })
  child.on('error', (error) => socket.destroy(error))
  // Only now: what ssh said of a failure must come before the plain end.
  child.on('close', (code) => {
    if (code === 0 || code === null) socket.push(null)
    else socket.destroy(new Error(said.trim() || `ssh ended with code ${code}`))
  })
  return socket
}
