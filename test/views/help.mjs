// Prints what --help says of every command as JSON, at the width that OCLIF_COLUMNS says: {"up": "...", ...}.
import { Config } from '@oclif/core'
import { LabHelp } from '../../dist/commands.js'

const config = await Config.load(process.cwd())
const out = {}
const shown = async (argv) => {
  const help = new LabHelp(config, { stripAnsi: true })
  const written = []
  const { write } = process.stdout
  process.stdout.write = (text) => written.push(text)
  try {
    await help.showHelp(argv)
  } finally {
    process.stdout.write = write
  }
  return written.join('')
}
const ids = config.commands.map(({ id }) => id)
out[''] = await shown(['--help'])
for (const id of [...ids, ...config.topics.map(({ name }) => name)]) out[id.replaceAll(':', ' ')] = await shown([id])
process.stdout.write(JSON.stringify(out))
