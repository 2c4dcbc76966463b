import { stringOf } from '../../../otlp/attributes.ts'
import { requestToJson } from '../../../otlp/json.ts'
import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { ResourceOf, Signal } from '../../../otlp/types.ts'
import type { Build, Consumer, Payload } from '../component.ts'
import { createSender } from '../sending/sender.ts'
import { heldPath, openFiles } from './file/files.ts'

/** A label of a file's name must not lead out of its folder. */
const UNSAFE = /[^A-Za-z0-9_.-]/g

/** Appends every request to a file below the lab's own folder: a line of OTLP JSON, or length and protobuf. */
export function createFile(build: Build, signal: Signal): Consumer {
  const { config, filesDir, logger } = build
  const s = config.settings
  // One writer, whichever signals come to it: two would write over each other's lines.
  const files = build.shared(config.id, () =>
    openFiles({
      append: s.append,
      ...(s.rotation ? { maxBytes: (s.rotation.max_megabytes || 100) << 20, backups: s.rotation.max_backups } : {}),
    }),
  )
  const release = files.hold()
  const path = heldPath(filesDir, s.path)
  if (s.compression === 'zstd')
    throw new Error('compression zstd is not to be had in the embedded collector; leave it out')

  const encode = (data: Payload['data']): Uint8Array => {
    if (s.format === 'json') return Buffer.from(`${JSON.stringify(requestToJson(signal, data as never))}\n`)
    const bytes = encodeRequest(signal, data as never)
    const framed = Buffer.alloc(4 + bytes.length)
    framed.writeUInt32BE(bytes.length)
    framed.set(bytes, 4)
    return framed
  }

  return createSender(build, signal, {
    async start() {
      if (!s.group_by?.enabled) await files.open(path)
      logger.info('Writing to a file below the lab', { path })
    },
    async push({ data }) {
      if (!s.group_by?.enabled) {
        await files.write(path, encode(data))
        return
      }
      for (const [segment, group] of bySegment(data as ResourceOf<unknown>[], s.group_by.resource_attribute)) {
        await files.write(path.replace('*', segment), encode(group as Payload['data']))
      }
    },
    stop: release,
  })
}

function bySegment(data: ResourceOf<unknown>[], attribute: string): Map<string, ResourceOf<unknown>[]> {
  const groups = new Map<string, ResourceOf<unknown>[]>()
  for (const one of data) {
    const value = one.resource.attributes.find(({ key }) => key === attribute)?.value
    const segment = value == null ? 'MISSING' : stringOf(value).replace(UNSAFE, '_').replace(/^\.+/, '_')
    groups.set(segment, [...(groups.get(segment) ?? []), one])
  }
  return groups
}
