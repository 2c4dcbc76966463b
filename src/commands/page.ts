import { join } from 'node:path'
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
    const [{ findWorkspace }, { openEngine }, { exerciseAnswers, keepPageAddress, readPageAddress, servePage }] =
      await Promise.all([import('../workspace.ts'), import('../engine/choose.ts'), import('../page-server.ts')])
    const workspace = await findWorkspace()
    const addressFile = workspace.statePath('run', 'page.json')
    const isChild = process.send !== undefined
    const there = isChild || flags.port !== undefined ? undefined : await readPageAddress(addressFile)
    if (there) return this.log(`${there.url}\nIt is served already, by process ${there.pid}.`)

    const [
      { diagnosisPorts },
      { loadCourse },
      { progressOf },
      { openBackends },
      { readRuns },
      { packageRoot },
      { namedHosts },
      { PORTS },
    ] = await Promise.all([
      import('./base/diagnosis-ports.ts'),
      import('../exercises.ts'),
      import('./exercise/service.ts'),
      import('../backends.ts'),
      import('../workspace/runs.ts'),
      import('../util/package-root.ts'),
      import('../util/door.ts'),
      import('../engine.ts'),
    ])
    const engine = await openEngine(workspace)
    const endpoints = await engine.endpoints()
    const course = await loadCourse()
    const progress = progressOf(workspace)
    let opened = { key: '', backends: openBackends(endpoints) }
    const server = await servePage(
      {
        engine,
        root: workspace.root,
        // The same clients, and their kept connections, as long as everything is where it was.
        async backends() {
          const now = await engine.endpoints()
          const key = JSON.stringify(now)
          if (opened.key !== key) opened = { key, backends: openBackends(now) }
          return opened.backends
        },
        diagnosis: async (signal) =>
          diagnosisPorts({ workspace, engine, endpoints: await engine.endpoints(), env: process.env, signal }),
        exercises: () => exerciseAnswers(course.exercises, progress, Date.now()),
        runs: () => readRuns(workspace),
        files: join(packageRoot(), 'dist', 'page'),
        hosts: namedHosts(process.env),
        now: Date.now,
      },
      {
        port: flags.port ?? PORTS.grafana + ((await workspace.state()).portOffset ?? 0) + (endpoints.grafana ? 1 : 0),
        orNext: flags.port === undefined,
      },
    )
    const url = `http://127.0.0.1:${server.port}`
    const forget = await keepPageAddress(addressFile, { pid: process.pid, url })
    this.log(`${url}\n\nCtrl-C ends it.`)
    await new Promise<void>((done) => {
      signal.addEventListener('abort', () => done(), { once: true })
      // The lab that started us is gone.
      process.once('disconnect', done)
    })
    await forget()
    await server.close()
    if (isChild) process.exit()
  }
}
