import { spawn } from 'node:child_process'

/** Asks the desktop to open an address; where there is none, nothing happens: the link is printed anyway. */
export function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url]
  const child = spawn(program!, args, { detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
}
