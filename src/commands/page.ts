import { Flags } from '@oclif/core'
import { LabCommand } from './base.ts'

export class Page extends LabCommand {
  static override summary = "Serve the lab's page: metrics, traces and logs on one time axis"
  static override description = [
    'The embedded engine serves it by itself, on port 3000. With docker and with a stack that somebody else runs this command does, until Ctrl-C; where Grafana has port 3000, on 3001.',
    'It listens on 127.0.0.1 only. For Codespaces and tunnels name your host: OTEL_LAB_ALLOW_HOSTS=name.example otel-lab page',
  ].join('\n\n')
  static override examples = ['<%= config.bin %> page', '<%= config.bin %> page --port 8080']
  static override flags = { port: Flags.integer({ description: 'listen there and nowhere else', min: 0, max: 65_535 }) }

  async run() {
    const { flags } = await this.parse(Page)
    const signal = this.interruptSignal()
    const [{ findWorkspace }, { openEngine }, { keepPageAddress, readPageAddress, servePage }] = await Promise.all([
      import('../workspace.ts'),
      import('../engine/choose.ts'),
      import('../page-server.ts'),
    ])
    const workspace = await findWorkspace()
    const addressFile = workspace.statePath('run', 'page.json')
    const isChild = process.send !== undefined
    // The lab that started us may be gone at any moment, and so are we then.
    const orphaned = new Promise<void>((done) => {
      process.once('disconnect', done)
      if (isChild && !process.connected) done()
    })
    const there = isChild || flags.port !== undefined ? undefined : await readPageAddress(addressFile)
    if (there) return this.log(`${there.url}\nIt is served already, by process ${there.pid}.`)

    const [{ pageParts }, { PORTS }] = await Promise.all([import('./page/parts.ts'), import('../engine.ts')])
    const engine = await openEngine(workspace)
    const { grafana } = await engine.endpoints()
    const { portOffset = 0 } = await workspace.state()
    const server = await servePage(await pageParts(workspace, engine, process.env), {
      port: flags.port ?? PORTS.grafana + portOffset + (grafana ? 1 : 0),
      orNext: flags.port === undefined,
    })
    const url = `http://127.0.0.1:${server.port}`
    const forget = await keepPageAddress(addressFile, { pid: process.pid, url })
    this.log(`${url}\n\nCtrl-C ends it.`)
    const asked = new Promise<void>((done) => {
      signal.addEventListener('abort', () => done(), { once: true })
    })
    await Promise.race([asked, orphaned])
    await forget()
    await server.close()
    if (isChild) process.exit()
  }
}
