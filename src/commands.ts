import { Down } from './commands/down.ts'
import { Logs } from './commands/logs.ts'
import { Restart } from './commands/restart.ts'
import { Run } from './commands/run.ts'
import { Status } from './commands/status.ts'
import { Up } from './commands/up.ts'

/** Every command by its id; a space on the command line is a colon here. `npm run build` writes the manifest. */
export const COMMANDS = {
  down: Down,
  logs: Logs,
  restart: Restart,
  run: Run,
  status: Status,
  up: Up,
}
