import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { ComposeMount } from './model.ts'
import type { Part } from './part.ts'

interface LongMount {
  type: 'bind' | 'volume'
  source: string
  target: string
  read_only: boolean
  bind: object
}

/** The `volumes` of a service: named ones, and files or folders of the host. */
export function readMounts(part: Part, dir: string): ComposeMount[] {
  return part.items().flatMap((item) => {
    const mount = item.isMap ? long(item, dir) : short(item, dir)
    if (mount === undefined) return []
    if (/(docker|podman)[^/]*\.sock$/.test(mount.source)) item.fault('would give a container the daemon itself')
    return [mount]
  })
}

/** `source:target[:options]`; a source with a slash or a dot in front is a path. */
function short(part: Part, dir: string): ComposeMount | undefined {
  const text = part.text()
  const match = /^((?:[A-Za-z]:[\\/])?[^:]+):([^:]+)(?::([^:]*))?$/.exec(text)
  if (match === null) return part.fault(`must be source:target, not ${JSON.stringify(text)}`)
  const [, source, target, options = ''] = match
  const known = ['ro', 'rw', 'z', 'Z']
  const unknown = options.split(',').find((one) => one !== '' && !known.includes(one))
  if (unknown !== undefined) return part.fault(`has the option ${unknown}, which otel-lab does not do`)
  const isPath = /^([./~\\]|[A-Za-z]:[\\/])/.test(source!)
  return checked(part, {
    type: isPath ? 'bind' : 'volume',
    source: isPath ? pathOf(source!, dir) : source!,
    target: target!,
    readOnly: options.split(',').includes('ro'),
  })
}

function long(part: Part, dir: string): ComposeMount | undefined {
  const { type, source, target, read_only } = part.shape<LongMount>({
    type: (one) => one.parsed((text) => (text === 'bind' || text === 'volume' ? text : undefined), 'bind or volume'),
    source: (one) => one.text(),
    target: (one) => one.text(),
    read_only: (one) => one.flag(),
    bind: (one) => one.shape<{ create_host_path: boolean }>({ create_host_path: (flag) => flag.flag() }),
  })
  if (type === undefined || source === undefined || target === undefined) {
    return part.fault('needs type, source and target')
  }
  return checked(part, {
    type,
    source: type === 'bind' ? pathOf(source, dir) : source,
    target,
    readOnly: read_only ?? false,
  })
}

function checked(part: Part, mount: ComposeMount): ComposeMount | undefined {
  return mount.target.startsWith('/') ? mount : part.fault(`has the target ${mount.target}, which is no absolute path`)
}

/** A path of the host; a relative one counts from the compose file. */
export function pathOf(text: string, dir: string): string {
  if (text === '~' || text.startsWith('~/')) return join(homedir(), text.slice(1))
  return isAbsolute(text) ? text : resolve(dir, text)
}
