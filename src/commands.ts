import Status from './commands/status.ts'

/** Every command by its id; a space on the command line is a colon here. */
export const COMMANDS = {
  status: Status,
}
