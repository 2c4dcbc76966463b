import { Args } from '@oclif/core'
import { SERVICES } from '../engine.ts'
import { LabCommand } from './base.ts'

export class Restart extends LabCommand {
  static override summary = 'Restart one service with the config that is in the lab now'
  static override description =
    'A config that the service refuses is told with its line, and the service runs on with the old one.'
  static override examples = ['<%= config.bin %> restart otel-collector']
  static override enableJsonFlag = true
  static override args = {
    service: Args.string({ description: 'which one', options: [...SERVICES], required: true }),
  }

  async run() {
    const { args } = await this.parse(Restart)
    const { findWorkspace } = await import('../workspace.ts')
    const workspace = await findWorkspace()
    const { openEngine } = await import('../engine/choose.ts')
    const engine = await openEngine(workspace)
    const began = performance.now()
    await engine.restart(args.service as (typeof SERVICES)[number])
    const elapsedMs = Math.round(performance.now() - began)
    this.log(`${args.service} runs with ${workspace.configsDir} as it is now (${elapsedMs} ms).`)
    return { service: args.service, elapsedMs }
  }
}
