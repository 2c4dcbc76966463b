import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { Args } from '@oclif/core'
import type { ServiceName } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { ConfigName, Workspace } from '../../workspace.ts'

/** The four config files, by the words that a learner may type. */
export const FILES = {
  collector: { file: 'otel-collector-config.yaml', service: 'otel-collector' },
  tempo: { file: 'tempo.yaml', service: 'tempo' },
  prometheus: { file: 'prometheus.yml', service: 'prometheus' },
  loki: { file: 'loki.yaml', service: 'loki' },
} as const satisfies Record<string, { file: ConfigName; service: ServiceName }>

export type FileKey = keyof typeof FILES

export const FILE_KEYS = Object.keys(FILES) as FileKey[]

export const fileArg = (description: string) => Args.string({ description, options: [...FILE_KEYS, 'otel-collector'] })

export function fileKeyOf(arg: string): FileKey {
  return arg === 'otel-collector' ? 'collector' : (arg as FileKey)
}

export interface LabFile {
  key: FileKey
  service: ServiceName
  path: string
  /** As a learner in this folder would type it. */
  shown: string
  text: string
  original: string
}

/** The learner's copy with the original beside it. Throws LabError `no-config`. */
export async function readLabFile(workspace: Workspace, key: FileKey): Promise<LabFile> {
  const { file, service } = FILES[key]
  const path = workspace.configPath(file)
  const [text, original] = await Promise.all([
    readText(path, `otel-lab config reset ${key}`),
    readFile(workspace.pristineConfigPath(file), 'utf8'),
  ])
  return { key, service, path, shown: shownPath(path), text, original }
}

/** A path as short as it can be said from here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('../../') ? path : short
}

/** A text file of the user's. Throws LabError `no-config` with the hint when it cannot be read. */
export async function readText(path: string, hint: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message
    throw new LabError('no-config', `cannot read ${shownPath(path)}: ${why}`, { hint, exit: EXIT.failed, cause: error })
  }
}
