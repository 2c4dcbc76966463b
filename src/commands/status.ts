import { EXIT } from '../errors.ts'
import { LabCommand } from './base.ts'

export class Status extends LabCommand {
  static override summary = 'Say what runs where, and what is wrong with what does not'
  static override description = 'Exit code 0 when everything is ready, 4 when something is not.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Status)
    const { findWorkspace } = await import('../workspace.ts')
    const workspace = await findWorkspace()
    const [{ openEngine }, { renderStatus, statusToJson }, { driftOfAll, sayDrift }] = await Promise.all([
      import('../engine/choose.ts'),
      import('./base/status-view.ts'),
      import('../config-change.ts'),
    ])
    const engine = await openEngine(workspace)
    const status = await engine.status()
    const endpoints = status.running ? await engine.endpoints() : undefined
    this.log(`Lab ${workspace.root}, ${status.kind} engine${status.running ? '' : ', not running'}\n`)
    this.log(renderStatus(status, endpoints))
    const drifts = status.running ? await driftOfAll(workspace, engine) : []
    for (const { text, next } of drifts.flatMap((drift) => sayDrift(drift) ?? [])) this.log(`! ${text}\n  → ${next}`)
    if (!status.running) this.log('\n→ otel-lab up')
    if (!status.services.every(({ state }) => state === 'ready')) this.endWith(EXIT.broken)
    const configs = drifts.map(({ key, state }) => ({ file: key, running: state }))
    return { root: workspace.root, ...statusToJson(status, endpoints), configs }
  }
}
