import { LabCommand } from './base.ts'

export class Storage extends LabCommand {
  static override summary = 'Show what each backend keeps on disk, and what it means'
  static override description =
    'Telemetry is first written to a write-ahead log, so that nothing acknowledged is lost in a crash; later it is sealed in compressed files made for queries.'
  static override examples = [
    '<%= config.bin %> storage',
    '<%= config.bin %> storage --json',
    {
      description: 'Open the trace blocks with a tool of your own',
      command: 'duckdb -c "SELECT name, duration_nanos FROM \'.otel-lab/store/tempo/blocks/*.parquet\'"',
    },
  ]
  static override enableJsonFlag = true

  async run() {
    await this.parse(Storage)
    const { findWorkspace } = await import('../workspace.ts')
    const workspace = await findWorkspace()
    const [{ openEngine }, { storedParts }, { renderStorage }] = await Promise.all([
      import('../engine/choose.ts'),
      import('../engine/storage.ts'),
      import('./base/storage-view.ts'),
    ])
    const { kind } = await openEngine(workspace)
    const parts = await storedParts(kind, workspace)
    this.log(`Lab ${workspace.root}, ${kind} engine\n`)
    this.log(renderStorage(kind, parts, new Date()))
    return { root: workspace.root, engine: kind, parts }
  }
}
