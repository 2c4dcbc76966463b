import { LabCommand } from './base.ts'

export class Topology extends LabCommand {
  static override summary = 'Draw the network as it is now, with the state of every arrow'
  static override description =
    'Who sends what to whom, over which protocol and to which address, by the config that the collector runs with; and what has passed there, by its own counters and by the targets of Prometheus.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Topology)
    const [{ openLabBackends }, { topologyOf }, { renderTopology }, { runningCollector }] = await Promise.all([
      import('../lab/open-backends.ts'),
      import('../journey.ts'),
      import('./journey/topology-view.ts'),
      import('../lab/running-collector.ts'),
    ])
    const { workspace, engine, endpoints, backends } = await openLabBackends()
    const config = await runningCollector(workspace, engine)
    const topology = await topologyOf({ engine, endpoints, backends, config, now: Date.now })
    this.log(renderTopology(topology))
    if (topology.arrows.some(({ state }) => state === 'failing')) this.endWith(1)
    return topology
  }
}
