import { component } from '../component.ts'
import { bool, duration, int, string, struct } from '../schema.ts'

const int64 = (value = 0) => int(value, 'int64')
const MIB = 1024 * 1024

/** Where queues are kept over a restart. */
export const fileStorageExtension = component({
  kind: 'extension',
  type: 'file_storage',
  signals: [],
  schema: struct(
    'filestorage.Config',
    {
      directory: string('/var/lib/otelcol/file_storage'),
      timeout: duration(1_000),
      max_size: int64(),
      compaction: struct('filestorage.CompactionConfig', {
        on_start: bool(),
        on_rebound: bool(),
        directory: string('/var/lib/otelcol/file_storage'),
        rebound_needed_threshold_mib: int64(100),
        rebound_trigger_threshold_mib: int64(10),
        max_transaction_size: int64(65_536),
        check_interval: duration(5_000),
        cleanup_on_start: bool(),
      }),
      fsync: bool(),
      create_directory: bool(),
      directory_permissions: string('0750'),
      recreate: bool(),
    },
    function* (f) {
      const c = f.compaction
      if (c.max_transaction_size < 0) {
        return yield { message: 'max transaction size for compaction cannot be less than 0', key: ['compaction'] }
      }
      if (f.max_size < 0) return yield { message: 'max size cannot be less than 0', key: ['max_size'] }
      for (const which of f.max_size > 0 && c.on_rebound ? (['needed', 'trigger'] as const) : []) {
        if (c[`rebound_${which}_threshold_mib`] * MIB > f.max_size) {
          const message = `compaction rebound ${which} threshold cannot be greater than max size`
          return yield { message, key: ['compaction'] }
        }
      }
      if (c.on_rebound && c.check_interval <= 0) {
        const message = 'compaction check interval must be positive when rebound compaction is set'
        return yield { message, key: ['compaction'] }
      }
      if (!f.create_directory) return
      const key = ['directory_permissions']
      if (!/^[-+]?[0-7]+$/.test(f.directory_permissions)) {
        yield { message: 'directory_permissions value must be a valid octal representation', key }
      } else if (Number.parseInt(f.directory_permissions, 8) > 0o777) {
        yield { message: 'directory_permissions contain invalid bits for file access', key }
      }
    },
  ),
})
