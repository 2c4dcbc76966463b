import { ALL_SIGNALS, component } from '../component.ts'
import { bool, type Complaint, duration, int, maybe, pointer, type SettingsIn, string, struct } from '../schema.ts'
import { compressionParams } from '../shared/tls.ts'

const fields = {
  path: string(),
  append: bool(),
  rotation: pointer(
    struct('fileexporter.Rotation', {
      max_megabytes: int(),
      max_days: int(),
      max_backups: int(100),
      localtime: bool(),
    }),
  ),
  format: string('json'),
  encoding: maybe(string()),
  compression: string(),
  compression_params: compressionParams(),
  flush_interval: duration(1_000),
  group_by: pointer(
    struct('fileexporter.GroupBy', {
      enabled: bool(),
      resource_attribute: string('fileexporter.path_segment'),
      max_open_files: int(100),
    }),
  ),
  create_directory: bool(),
  directory_permissions: string(),
}

function* faults(f: SettingsIn<typeof fields>): Generator<Complaint> {
  const group = f.group_by?.enabled ? f.group_by : undefined
  if (f.path === '')
    yield { message: 'path must be non-empty', hint: 'write the file to append to, such as path: /data/traces.json' }
  if (f.append && f.rotation)
    yield { message: 'append and rotation enabled at the same time is not supported', key: ['append'] }
  if (!['json', 'proto'].includes(f.format))
    yield { message: 'format type is not supported', key: ['format'], hint: 'json or proto' }
  if (!['', 'zstd'].includes(f.compression)) yield { message: 'compression is not supported', key: ['compression'] }
  if (f.flush_interval < 0) yield { message: 'flush_interval must be larger than zero', key: ['flush_interval'] }
  if (group && f.path.split('*').length !== 2) {
    yield { message: 'path must contain exactly one * when group_by is enabled', key: ['path'] }
  }
  if (group && f.path.startsWith('*'))
    yield { message: 'path must not start with * when group_by is enabled', key: ['path'] }
  if (group && group.resource_attribute === '') {
    yield { message: 'resource_attribute must not be empty when group_by is enabled', key: ['group_by'] }
  }
  const mode = f.directory_permissions
  if (!f.create_directory && mode !== '')
    yield { message: 'directory_permissions requires create_directory to be true' }
  else if (mode !== '' && !/^[0-7]+$/.test(mode)) {
    yield {
      message: 'directory_permissions value must be a valid octal representation',
      key: ['directory_permissions'],
    }
  } else if (Number.parseInt(mode, 8) > 0o777) {
    yield { message: 'directory_permissions contain invalid bits for file access', key: ['directory_permissions'] }
  }
}

/** Writes each request as a line of OTLP JSON, or length-prefixed protobuf. `flush_interval` 0 means 1 s. */
export const fileExporter = component({
  kind: 'exporter',
  type: 'file',
  signals: ALL_SIGNALS,
  schema: {
    nests: true,
    ...struct('fileexporter.Config', fields, function* (f) {
      const first = faults(f).next()
      if (!first.done) yield first.value
    }),
  },
  start: function* (f) {
    if (f.encoding !== undefined) yield { message: `unknown encoding ${JSON.stringify(f.encoding)}`, key: ['encoding'] }
  },
})
