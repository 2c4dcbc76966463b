import { basename } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from '../fault.ts'
import { outputPaths, withoutImages } from '../run/output-path.ts'
import type { ProcessOptions } from '../run/process.ts'
import { STEPS, type Step } from '../run/process-file.ts'
import { BROKEN_KINDS, type BrokenKind } from '../synth/broken.ts'
import type { SynthOptions } from '../synth/synth.ts'

export type Command =
  | { command: 'help'; about: 'all' | 'process' | 'synth' }
  | { command: 'version' }
  | { command: 'process'; options: ProcessOptions; json: boolean; logFormat: 'json' | 'text' | 'auto' }
  | { command: 'synth'; options: Omit<SynthOptions, 'signal' | 'onScan'>; json: boolean }

/** What the command line asks for. Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  const [first, ...rest] = args
  if (first === undefined) throw new UsageError('a command is missing: process or synth')
  if (first === '--help' || first === '-h' || first === 'help') return { command: 'help', about: aboutOf(rest[0]) }
  if (first === '--version' || first === '-v' || first === 'version') return { command: 'version' }
  if (first === 'process') return processCommand(rest)
  if (first === 'synth') return synthCommand(rest)
  throw new UsageError(`there is no command ${first}, but process and synth`)
}

const aboutOf = (name: string | undefined) => (name === 'process' || name === 'synth' ? name : 'all')

const COMMON = {
  output: { type: 'string', short: 'o' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function processCommand(args: string[]): Command {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      ...COMMON,
      fwhm: { type: 'string', default: '4' },
      volume: { type: 'string', default: '0' },
      slow: { type: 'string', multiple: true, default: [] },
      'warn-size': { type: 'string', default: '100' },
      'log-format': { type: 'string', default: 'auto' },
    },
  } as const)
  if (values.help) return { command: 'help', about: 'process' }
  if (positionals.length === 0) throw new UsageError('name the scans to process: FILE...')
  const inputs = withoutImages(positionals)
  const outputDir = required(values.output, '-o DIR: where the results go')
  return {
    command: 'process',
    json: values.json,
    logFormat: oneOf('--log-format', values['log-format'], ['json', 'text', 'auto']),
    options: {
      inputs,
      outputs: outputPaths(inputs, outputDir),
      outputDir,
      fwhm: number('--fwhm', values.fwhm, 0.1, 50),
      volume: whole('--volume', values.volume, 0, 2 ** 31 - 1),
      slow: new Map(values.slow.map(slowStep)),
      warnMegabytes: number('--warn-size', values['warn-size'], 0, 1e6),
    },
  }
}

function synthCommand(args: string[]): Command {
  const { values } = parse({
    args,
    allowPositionals: false,
    options: {
      ...COMMON,
      subjects: { type: 'string', default: '1' },
      size: { type: 'string', default: '64' },
      seed: { type: 'string', default: '1' },
      broken: { type: 'string' },
      name: { type: 'string' },
      force: { type: 'boolean', default: false },
    },
  } as const)
  if (values.help) return { command: 'help', about: 'synth' }
  const dir = required(values.output, '-o DIR: where the scans go')
  const subjects = whole('--subjects', values.subjects, 1, 999)
  const { name, broken } = values
  if (name !== undefined && subjects > 1) throw new UsageError('--name is for one subject')
  if (name !== undefined && (name !== basename(name) || !/\.nii(\.gz)?$/.test(name))) {
    throw new UsageError(`--name ${name}: a file name that ends in .nii.gz or .nii is wanted; -o says the folder`)
  }
  return {
    command: 'synth',
    json: values.json,
    options: {
      dir,
      subjects,
      size: whole('--size', values.size, 16, 320),
      seed: whole('--seed', values.seed, 0, 2 ** 31 - 1),
      force: values.force,
      ...(broken === undefined ? {} : { broken: oneOf<BrokenKind>('--broken', broken, BROKEN_KINDS) }),
      ...(name === undefined ? {} : { name }),
    },
  }
}

function parse<C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs<C>(config)
  } catch (error) {
    // Node's sentences are for the user, up to the advice about positionals that follows them.
    throw new UsageError((error as Error).message.split('. ')[0]!)
  }
}

function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new UsageError(`give ${what}`)
  return value
}

function number(flag: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= low && value <= high) return value
  throw new UsageError(`${flag} ${text}: a number from ${low} to ${high} is wanted`)
}

function whole(flag: string, text: string, low: number, high: number): number {
  const value = number(flag, text, low, high)
  if (Number.isInteger(value)) return value
  throw new UsageError(`${flag} ${text}: a whole number is wanted`)
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T
  throw new UsageError(`${flag} ${value}: one of ${allowed.join(', ')} is wanted`)
}

function slowStep(text: string): [Step, number] {
  const [step = '', seconds = ''] = text.split('=')
  return [oneOf<Step>('--slow', step, STEPS), number(`--slow ${step}`, seconds, 0, 3600)]
}
