import type { Network } from './network.ts'

/** What the composition root gives each of the four components. */
export interface ServiceContext {
  /** The service's own name, such as `tempo`. */
  name: string
  network: Network
  /** Where the service may write; made by the composition root. */
  dataDir: string
  /** The text of the service's config file, read anew at each start. */
  configText: string
  /** The config file's path, for messages only. */
  configPath: string
  env: Record<string, string | undefined>
  /** Appends to the service's own log, as the real one's stderr would. One call may hold several lines. */
  log(text: string): void
}

export interface RunningService {
  /** Whole-service health as its `/ready` says it. */
  ready(): boolean
  /** Ports in use, by purpose, e.g. `{ http: 3200 }`. */
  ports(): Record<string, number>
  /** Resolves when all that was acknowledged is on disk and every socket is closed. */
  stop(): Promise<void>
  /** Applies a changed config in place where the real one can (`/-/reload`); else the root restarts it. */
  reload?(configText: string): Promise<void>
}

/** Every component is a function like this: `startTempo`, `startLoki`, `startPrometheus`, `startCollector`. */
export type StartService = (context: ServiceContext) => Promise<RunningService>
