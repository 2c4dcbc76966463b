import { access, constants, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { table } from '../util/table.ts'

/** What runs a file of the learner's, by its ending. */
const RUNNERS: Record<string, readonly string[]> = table({
  '.py': ['python3'],
  '.js': [process.execPath],
  '.mjs': [process.execPath],
  '.cjs': [process.execPath],
  // Node reads TypeScript by itself since 22.18; before, behind this flag.
  '.ts': [process.execPath, '--experimental-strip-types', '--no-warnings'],
  '.sh': ['sh'],
  '.rb': ['ruby'],
})

/**
 * A learner's file as a command line; one with another ending must be executable. A name without an ending is that of
 * whichever file is there with one, so that an exercise need not say in which language it is solved; the newest counts.
 */
export async function programCommand(file: string, args: readonly string[] = []): Promise<string[]> {
  const found = extname(file) === '' ? await newestOf(file) : file
  return [...(RUNNERS[extname(found)] ?? []), found, ...args]
}

/** A command as it was typed: a file that cannot be executed by itself is run as an exercise runs it. */
export async function typedCommand([file, ...args]: readonly [string, ...string[]]): Promise<string[]> {
  const asTyped = [file, ...args]
  if (!file.includes('/') || (await isExecutable(file))) return asTyped
  const command = await programCommand(file, args)
  const found = command.find((part) => part.startsWith(file))!
  return extname(found) in RUNNERS && (await stat(found).catch(() => undefined)) ? command : asTyped
}

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

async function newestOf(file: string): Promise<string> {
  const paths = [file, ...Object.keys(RUNNERS).map((ending) => `${file}${ending}`)]
  const found = await Promise.all(
    paths.map(async (path) => ({
      path,
      at: await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    })),
  )
  const there = found.flatMap(({ path, at }) => (at === undefined ? [] : [{ path, at }]))
  return there.sort((a, b) => b.at - a.at)[0]?.path ?? `${file}.py`
}
