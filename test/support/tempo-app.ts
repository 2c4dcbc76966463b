import type { Hono } from 'hono'
import { tempoApp } from '../../src/embedded/tempo/api/app.ts'
import { parseTempoConfig } from '../../src/embedded/tempo/config.ts'
import { BlockStore } from '../../src/embedded/tempo/store/blocks.ts'
import { TraceStore } from '../../src/embedded/tempo/store/store.ts'
import { createParser } from '../../src/embedded/tempo/traceql/parse.ts'

/** The embedded Tempo's store and API without its receivers: `dir` for its blocks, `now` in milliseconds. */
export async function tempoOver(
  dir: string,
  configText: string,
  now: number,
): Promise<{ store: TraceStore; app: Hono }> {
  const config = parseTempoConfig(configText, 'tempo.yaml')
  const store = new TraceStore(config.store, await BlockStore.open(dir, () => {}))
  const app = tempoApp({
    source: store,
    find: (id) => store.find(id),
    parse: createParser(),
    settings: config.query,
    ready: () => true,
    configText,
    stats: () => store.stats,
    now: () => now,
  })
  return { store, app }
}
