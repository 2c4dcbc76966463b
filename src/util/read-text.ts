import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** A config is a page or two; anything bigger is a mistake or an attack. */
export const YAML_BYTES = 1 << 20

/**
 * The text of a config file. A pipe or a device in its place would give no end: it is refused, and so is what is too
 * large. Throws what readFile throws, with code `NOT_A_FILE` or `TOO_LARGE` for these.
 */
export async function readConfigText(path: string): Promise<string> {
  return (await readConfigBytes(path)).toString('utf8')
}

/** The same as it is on disk. */
export async function readConfigBytes(path: string): Promise<Buffer> {
  // Without waiting for somebody who writes into the pipe.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
    if (!stats.isFile()) throw Object.assign(new Error('it is a pipe or a device, not a file'), { code: 'NOT_A_FILE' })
    if (stats.size > YAML_BYTES)
      throw Object.assign(new Error(`it is larger than ${YAML_BYTES / 1024} KiB`), { code: 'TOO_LARGE' })
    return await file.readFile()
  } finally {
    await file.close()
  }
}
