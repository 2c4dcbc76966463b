import { type CollectorConfig, resolveConfig } from '../collector-config.ts'
import type { Engine } from '../engine.ts'
import { readConfigText } from '../util/read-text.ts'
import type { Workspace } from '../workspace.ts'

/** What the collector runs with: its own word where the engine can ask, else the file's. */
export async function runningCollector(workspace: Workspace, engine: Engine): Promise<CollectorConfig | undefined> {
  const running = await engine.runningConfig?.('otel-collector')
  const text = running ?? (await readConfigText(workspace.configPath('otel-collector-config.yaml')).catch(() => ''))
  return resolveConfig(text, process.env).config
}
