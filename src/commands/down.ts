import { Flags } from '@oclif/core'
import { LabCommand } from './base.ts'

export class Down extends LabCommand {
  static override summary = 'Stop the lab; what it stored is there again after the next up'
  static override examples = [
    '<%= config.bin %> down',
    { description: 'Remove the stored traces, metrics and logs too', command: '<%= config.bin %> down --volumes' },
  ]
  static override enableJsonFlag = true
  static override flags = {
    volumes: Flags.boolean({ char: 'v', description: 'remove the stored telemetry too; your configs and data stay' }),
  }

  async run() {
    const { flags } = await this.parse(Down)
    const { findWorkspace } = await import('../workspace.ts')
    const workspace = await findWorkspace()
    const { openEngine } = await import('../engine/choose.ts')
    const engine = await openEngine(workspace)
    const { running } = await engine.status().catch(() => ({ running: true }))
    const removed: string[] = []
    await engine.down({ volumes: flags.volumes, onRemoved: (what) => removed.push(what) })
    this.log(running ? 'The lab is down.' : 'The lab was not running.')
    if (flags.volumes) {
      const list = removed.map((what) => `\n  ${what}`).join('')
      this.log(removed.length > 0 ? `The stored telemetry is removed:${list}` : 'There was no stored telemetry.')
    }
    return { wasRunning: running, volumesRemoved: flags.volumes, removed }
  }
}
