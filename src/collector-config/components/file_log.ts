import { goPattern } from '../../util/go-regexp.ts'
import { component } from '../component.ts'
import {
  any,
  bool,
  type Complaint,
  duration,
  int,
  list,
  map,
  maybe,
  type SettingsIn,
  string,
  strings,
  struct,
  text,
} from '../schema.ts'
import { storageProblem } from '../shared/absent.ts'
import { type LogOperator, unbuildable, unconnectable, unreadable } from '../shared/log-operators.ts'

const UNITS: Record<string, number> = { k: 1, m: 2, g: 3, t: 4, p: 5 }

/** `16KiB`, `1MB` or a number of bytes. */
function byteSize(bytes: number) {
  return text(
    (written) => {
      const found = /^(\d+\.?\d*)\s*(?:([kmgtp])(i?)b)?$/i.exec(written)
      if (found === null) return { error: `invalid byte size '${written}'` }
      const [, number, unit, binary] = found
      const each = unit === undefined ? 1 : (binary ? 1024 : 1000) ** UNITS[unit.toLowerCase()]!
      return { value: Math.trunc(Number(number) * each) }
    },
    bytes,
    'helper.ByteSize',
    { get: Math.trunc },
  )
}

const fields = {
  include: strings(),
  exclude: strings(),
  exclude_older_than: duration(),
  ordering_criteria: any(),
  include_file_name: bool(true),
  include_file_path: bool(),
  include_file_name_resolved: bool(),
  include_file_path_resolved: bool(),
  include_file_owner_name: bool(),
  include_file_owner_group_name: bool(),
  include_file_permissions: bool(),
  include_file_record_number: bool(),
  include_file_record_offset: bool(),
  poll_interval: duration(200),
  max_concurrent_files: int(1024),
  max_batches: int(),
  start_at: string('end'),
  fingerprint_size: byteSize(1000),
  initial_buffer_size: byteSize(16 * 1024),
  max_log_size: byteSize(1024 * 1024),
  max_log_size_behavior: string('split'),
  encoding: string('utf-8'),
  multiline: struct('split.Config', { line_start_pattern: string(), line_end_pattern: string(), omit_pattern: bool() }),
  preserve_leading_whitespaces: bool(),
  preserve_trailing_whitespaces: bool(),
  force_flush_period: duration(500),
  header: any(),
  delete_after_read: bool(),
  compression: string(),
  polls_to_archive: int(),
  acquire_fs_lock: bool(),
  file_cache_advise: bool(),
  on_truncate: string('ignore'),
  attributes: map(string()),
  resource: map(string()),
  id: string('file_input'),
  type: string('file_input'),
  output: any(),
  operators: list(any()),
  storage: maybe(string()),
  retry_on_failure: struct('consumerretry.Config', {
    enabled: bool(),
    initial_interval: duration(1_000),
    max_interval: duration(30_000),
    max_elapsed_time: duration(300_000),
  }),
}

type Settings = SettingsIn<typeof fields>

function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== ''
  } catch {
    return false
  }
}

/** In the order in which the real one looks; the first ends its start. */
function* faults(f: Settings): Generator<Complaint> {
  const { line_start_pattern: startAt, line_end_pattern: endAt } = f.multiline
  if (f.include.length === 0) yield { message: "'include' must be specified", hint: 'such as include: [/logs/*.log]' }
  for (const key of ['include', 'exclude'] as const) {
    const open = f[key].find((glob) => /\[[^\]]*$|\{[^}]*$|\\$/.test(glob))
    if (open !== undefined) yield { message: `${key}: parse glob: syntax error in pattern`, key: [key] }
  }
  if (f.fingerprint_size < 16)
    yield { message: "'fingerprint_size' must be at least 16 bytes", key: ['fingerprint_size'] }
  if (f.max_log_size <= 0) yield { message: "'max_log_size' must be positive", key: ['max_log_size'] }
  if (f.max_concurrent_files < 1)
    yield { message: "'max_concurrent_files' must be positive", key: ['max_concurrent_files'] }
  if (f.max_batches < 0) yield { message: "'max_batches' must not be negative", key: ['max_batches'] }
  if (!['split', 'truncate'].includes(f.max_log_size_behavior)) {
    yield { message: "'max_log_size_behavior' must be either 'split' or 'truncate'", key: ['max_log_size_behavior'] }
  }
  if (!/^(utf-?8(-raw)?|utf8-raw|nop|ascii|us-ascii)$/i.test(f.encoding)) {
    const message = isEncoding(f.encoding)
      ? `the embedded collector reads utf-8 alone, not '${f.encoding}'`
      : `unsupported encoding '${f.encoding}'`
    yield { message, key: ['encoding'], hint: 'try it on the docker engine: otel-lab up --engine docker' }
  }
  if (f.start_at === 'end') {
    if (f.delete_after_read)
      yield { message: "'delete_after_read' cannot be used with 'start_at: end'", key: ['start_at'] }
    if (f.header !== undefined)
      yield { message: "'header' cannot be specified with 'start_at: end'", key: ['start_at'] }
  }
  if (f.delete_after_read) {
    yield {
      message: "'delete_after_read' requires feature gate 'filelog.allowFileDeletion'",
      key: ['delete_after_read'],
    }
  }
  if (f.header !== undefined) {
    yield { message: "'header' requires feature gate 'filelog.allowHeaderMetadataParsing'", key: ['header'] }
  }
  if (!['ignore', 'read_whole_file', 'read_new'].includes(f.on_truncate)) {
    yield { message: "'on_truncate' must be one of: ignore, read_whole_file, read_new", key: ['on_truncate'] }
  }
  if (startAt !== '' && endAt !== '') {
    yield { message: 'only one of line_start_pattern or line_end_pattern can be set', key: ['multiline'] }
  }
  for (const [which, pattern] of Object.entries({ start: startAt, end: endAt })) {
    try {
      goPattern(`(?m)${pattern}`)
    } catch (error) {
      yield { message: `compile line ${which} regex: ${(error as Error).message}`, key: ['multiline'] }
    }
  }
  if (!['beginning', 'end'].includes(f.start_at)) {
    yield { message: `invalid start_at location '${f.start_at}'`, key: ['start_at'], hint: 'beginning or end' }
  }
}

/** Reads the lines of files as log records. */
export const fileLogReceiver = component({
  kind: 'receiver',
  type: 'file_log',
  alias: { type: 'filelog', since: '0.150.0' },
  signals: ['logs'],
  schema: struct('filelogreceiver.FileLogConfig', fields, function* (f) {
    for (const [i, operator] of f.operators.entries()) {
      const fault = unreadable(operator)
      if (fault !== undefined) yield { ...fault, key: ['operators', String(i), ...(fault.key ?? [])] }
    }
  }),
  build: function* (f) {
    for (const fault of faults(f)) return yield fault
    for (const [i, operator] of f.operators.entries()) {
      for (const fault of unbuildable(operator as LogOperator)) {
        yield { ...fault, key: ['operators', String(i), ...(fault.key ?? [])] }
        if (fault.severity !== 'warning') return
      }
    }
    for (const { at, ...fault } of unconnectable(f.operators as LogOperator[])) {
      return yield { ...fault, key: ['operators', String(at), ...(fault.key ?? [])] }
    }
    for (const key of [
      'ordering_criteria',
      'compression',
      'include_file_owner_name',
      'include_file_permissions',
    ] as const) {
      if (!f[key]) continue
      const message = `the real collector has ${key}, the embedded one does without it`
      yield { severity: 'warning', message, key: [key] }
    }
  },
  start: (f, _, running) => storageProblem(f.storage, ['storage'], running),
})
