import { text as readAll } from 'node:stream/consumers'
import { type ReplayRequest, replay } from './collector/replay.ts'

/** `node dist/collector-replay.js`: configs and requests come on stdin as JSON, what each config makes of them goes out. */
async function main(): Promise<void> {
  const { configs, requests } = JSON.parse(await readAll(process.stdin)) as {
    configs: string[]
    requests: ReplayRequest[]
  }
  const answers = []
  for (const config of configs) answers.push(await replay(config, requests, process.env))
  process.stdout.write(JSON.stringify(answers))
}

await main()
