import { Flags, type Interfaces } from '@oclif/core'
import { LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { externalFlags, externalOptions } from './base/external-flags.ts'
import { dockerFlags, dockerOptions, engineFlag } from './base/lab-flags.ts'
import { LabCommand } from './base.ts'

type Flagged = Interfaces.InferredFlags<typeof Up.flags>

export class Up extends LabCommand {
  static override summary = 'Start the lab: collector, Tempo, Prometheus and Loki'
  static override description = [
    'Makes a lab folder where there is none: the current folder when it is empty, else ./lab. It holds configs/ (yours to edit), data/input/ with scans and data/output/.',
    'Run again after editing a config, it starts anew only what changed.',
  ].join('\n\n')
  static override examples = [
    '<%= config.bin %> up',
    { description: 'Another lab beside one that holds the ports', command: '<%= config.bin %> up --port-offset 1000' },
    { description: 'The real stack, as containers', command: '<%= config.bin %> up --engine docker' },
    {
      description: 'One of several labs on one Docker daemon',
      command: '<%= config.bin %> up --engine docker --project alice --port-offset 1000',
    },
    {
      description: 'A stack that somebody else runs, such as Grafana Cloud',
      command:
        "<%= config.bin %> up --engine external --tempo-url https://... --prometheus-url https://... --loki-url https://... --otlp-http-url https://... --header 'Authorization: Basic ${GRAFANA_CLOUD}'",
    },
    { description: 'For a script', command: '<%= config.bin %> up --json' },
  ]
  static override enableJsonFlag = true
  static override flags = {
    engine: engineFlag(),
    'port-offset': Flags.integer({ description: 'added to every port; remembered by the lab', min: 0, max: 50_000 }),
    ...dockerFlags,
    ...externalFlags,
  }

  async run() {
    const { flags } = await this.parse(Up)
    const { findWorkspace } = await import('../workspace.ts')
    const workspace = await findWorkspace({ create: true })
    return this.#up(workspace, flags).catch(async (error) => {
      // What was refused before anything ran leaves nothing behind.
      await workspace.discard({ andLogs: error instanceof LabError && error.code === 'port-taken' })
      throw error
    })
  }

  async #up(workspace: Workspace, flags: Flagged) {
    const signal = this.interruptSignal()
    const [{ chooseEngine }, { ensureScans }, { reportUp }, { renderStatus, statusToJson }] = await Promise.all([
      import('../engine/choose.ts'),
      import('../workload/scans.ts'),
      import('../ui/progress.ts'),
      import('./base/status-view.ts'),
    ])
    const { engine: kind, 'port-offset': portOffset } = flags
    const { engine, notes, replaces } = await chooseEngine(workspace, {
      ...(kind ? { engine: kind } : {}),
      ...(portOffset === undefined ? {} : { portOffset }),
      docker: dockerOptions(flags),
      external: externalOptions(flags),
    })
    for (const note of notes) this.log(note)
    const told = notes.length
    const began = performance.now()
    const services =
      engine.kind !== 'embedded' ? { services: (await engine.status()).services.map(({ name }) => name) } : {}
    const scans = ensureScans(workspace.inputDir, { signal })
    const elapsedMs = await reportUp((onEvent) => engine.up({ onEvent, signal, ...(replaces && { replaces }) }), {
      quiet: this.jsonEnabled(),
      ...services,
    })
      .then(() => Math.round(performance.now() - began))
      // Whatever came of it: scans half made would be left behind.
      .finally(() => {
        for (const note of notes.slice(told)) this.log(note)
        return scans
      })
    const made = await scans
    if (workspace.created) this.log(`A new lab in ${workspace.root}`)
    const status = await engine.status()
    const endpoints = await engine.endpoints()
    if (made.problem) this.warn(`no scans were made: ${made.problem.message}`)
    this.log(`\n${renderStatus(status, endpoints)}`)
    this.log(
      `\nReady in ${(elapsedMs / 1000).toFixed(2)} s. Lab folder: ${workspace.root}\n\n→ otel-lab run\n  and to look at it: otel-lab ${engine.kind === 'embedded' ? 'open' : 'page'}`,
    )
    return {
      root: workspace.root,
      created: workspace.created,
      elapsedMs,
      notes,
      scans: made.files,
      ...statusToJson(status, endpoints),
    }
  }
}
