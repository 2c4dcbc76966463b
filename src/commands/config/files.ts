import { Args } from '@oclif/core'
import { CONFIGS, type ConfigKey } from '../../config-change/files.ts'

export const FILE_KEYS = Object.keys(CONFIGS) as ConfigKey[]

export const fileArg = (description: string) => Args.string({ description, options: [...FILE_KEYS, 'otel-collector'] })

export function fileKeyOf(arg: string): ConfigKey {
  return arg === 'otel-collector' ? 'collector' : (arg as ConfigKey)
}
