import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningService, StartService } from '../../src/embedded/component.ts'
import { createNetwork, type Network } from '../../src/embedded/network.ts'

/** Parts of the embedded stack on free ports, published ones too, so that tests never meet a lab that runs. */
export interface EmbeddedParts {
  network: Network
  dir: string
  /** Starts one with this config; it ends with `close`. */
  start(name: string, startService: StartService, configText: string): Promise<RunningService & { url: string }>
  close(): Promise<void>
}

export async function embeddedParts(): Promise<EmbeddedParts> {
  const network: Network = { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-parts-'))
  const running: RunningService[] = []
  return {
    network,
    dir,
    async start(name, startService, configText) {
      const configPath = join(dir, `${name}.yaml`)
      await writeFile(configPath, configText)
      const service = await startService({
        name,
        network,
        dataDir: join(dir, name),
        configText,
        configPath,
        env: {},
        log: () => {},
      })
      running.push(service)
      return { ...service, url: `http://127.0.0.1:${service.ports().http}` }
    },
    async close() {
      for (const service of running.splice(0).reverse()) await service.stop()
      await rm(dir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
