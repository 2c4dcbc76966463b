import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { ServiceName } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import { readConfigBytes, readConfigText } from '../util/read-text.ts'
import type { ConfigName, Workspace } from '../workspace.ts'

/** The four config files, by the words that a learner may type. */
export const CONFIGS = {
  collector: { file: 'otel-collector-config.yaml', service: 'otel-collector' },
  tempo: { file: 'tempo.yaml', service: 'tempo' },
  prometheus: { file: 'prometheus.yml', service: 'prometheus' },
  loki: { file: 'loki.yaml', service: 'loki' },
} as const satisfies Record<string, { file: ConfigName; service: ServiceName }>

export type ConfigKey = keyof typeof CONFIGS

export const isConfigKey = (word: string): word is ConfigKey => Object.hasOwn(CONFIGS, word)

export interface ConfigFile {
  key: ConfigKey
  service: ServiceName
  path: string
  /** As a learner in this folder would type it. */
  shown: string
  text: string
  original: string
}

/** The learner's copy with the original beside it. Throws LabError `no-config`, `config-encoding`. */
export async function readConfigFile(workspace: Workspace, key: ConfigKey): Promise<ConfigFile> {
  const file = await configFile(workspace, key)
  return { ...file, text: await readText(file.path, `otel-lab config reset ${key}`) }
}

/** The same, also where the learner's copy is gone or no text: '' stands for it then. */
export async function configFile(workspace: Workspace, key: ConfigKey): Promise<ConfigFile> {
  const { file, service } = CONFIGS[key]
  const path = workspace.configPath(file)
  const [text, original] = await Promise.all([
    readConfigText(path).catch(() => ''),
    readFile(workspace.pristineConfigPath(file), 'utf8'),
  ])
  return { key, service, path, shown: shownPath(path), text, original }
}

/** A path as short as it can be said from here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('../../') ? path : short
}

/** A text file of the user's. Throws LabError `no-config` with the hint when it cannot be read, `config-encoding`. */
export async function readText(path: string, hint: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readConfigBytes(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message
    throw new LabError('no-config', `cannot read ${shownPath(path)}: ${why}`, { hint, exit: EXIT.failed, cause: error })
  }
  const text = bytes.toString('utf8')
  // What is no UTF-8 would come out changed where nobody touched it.
  if (Buffer.from(text).equals(bytes)) return text
  throw new LabError('config-encoding', `${shownPath(path)} is not UTF-8 text`, {
    hint: `Save it as UTF-8 in your editor, or put the original back: ${hint}`,
    exit: EXIT.failed,
  })
}
