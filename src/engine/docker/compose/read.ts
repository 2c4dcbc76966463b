import { basename, dirname } from 'node:path'
import { LineCounter } from 'yaml'
import { EXIT, LabError } from '../../../errors.ts'
import { boundedDocument } from '../../../util/yaml.ts'
import type { Env } from './interpolate.ts'
import type { ComposeFile, ComposeNetwork, ComposeService, ComposeVolume } from './model.ts'
import { pathOf } from './mounts.ts'
import { Part, type Reading } from './part.ts'
import { readService } from './service.ts'
import { pairs } from './values.ts'

/**
 * Reads a compose file. Relative paths in it count from its folder. Whatever the docker engine does not do is
 * refused by name and line, never ignored: throws LabError `compose-invalid` with all faults at once.
 */
export function readCompose(text: string, path: string, env: Env): ComposeFile {
  const lines = new LineCounter()
  const doc = boundedDocument(text, { lineCounter: lines, uniqueKeys: true })
  if (doc.errors.length > 0) {
    throw refused(
      path,
      doc.errors.map((error) => ({
        line: error.linePos?.[0].line ?? 1,
        message: error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''),
      })),
    )
  }
  const reading: Reading = {
    file: path,
    lines,
    env,
    resolve: (node) => (node as { resolve?: (d: unknown) => Part['node'] }).resolve?.(doc),
    faults: [],
  }
  const file = readFile(new Part(reading, doc.contents, ''), dirname(path))
  if (reading.faults.length > 0) throw refused(path, reading.faults)
  return file
}

interface Raw {
  name: string
  version: string
  configs: Record<string, string>
  services: [string, Part][]
  networks: Record<string, ComposeNetwork>
  volumes: Record<string, ComposeVolume>
}

function readFile(part: Part, dir: string): ComposeFile {
  const raw = part.shape<Raw>({
    name: (one) => one.text(),
    // Obsolete since the specification has no versions; Compose ignores it too.
    version: (one) => one.text(),
    configs: (one) => Object.fromEntries(one.entries().map(([key, config]) => [key, readConfig(config, dir)])),
    services: (one) => one.entries(),
    networks: (one) => Object.fromEntries(one.entries().map(([key, network]) => [key, readNetwork(network)])),
    volumes: (one) => Object.fromEntries(one.entries().map(([key, volume]) => [key, readVolume(volume)])),
  })
  const services: Record<string, ComposeService> = {}
  const context = { dir, configs: raw.configs ?? {} }
  for (const [name, one] of raw.services ?? []) {
    const service = readService(one, context)
    if (service) services[name] = service
  }
  const { name, volumes = {} } = raw
  const networks = { ...raw.networks }
  const usesDefault = Object.values(services).some((service) => Object.hasOwn(service.networks, 'default'))
  if (usesDefault) networks.default ??= { internal: false, external: false, labels: {} }
  checkReferences(raw.services ?? [], { services, networks, volumes })
  return { services, networks, volumes, ...(name && { name }) }
}

function readConfig(part: Part, dir: string): string {
  const { file } = part.shape<{ file: string; name: string }>({
    file: (one) => pathOf(one.text(), dir),
    name: (one) => one.text(),
  })
  if (file === undefined) part.fault('has no file')
  return file ?? ''
}

function readNetwork(part: Part): ComposeNetwork {
  const {
    internal = false,
    external = false,
    labels = {},
    name,
    driver,
  } = part.shape<ComposeNetwork>({
    name: (one) => one.text(),
    driver: (one) => one.text(),
    internal: (one) => one.flag(),
    external: (one) => one.flag(),
    labels: pairs,
  })
  return { internal, external, labels, ...(name && { name }), ...(driver && { driver }) }
}

function readVolume(part: Part): ComposeVolume {
  const {
    external = false,
    labels = {},
    name,
    driver,
  } = part.shape<ComposeVolume>({
    name: (one) => one.text(),
    driver: (one) => one.text(),
    external: (one) => one.flag(),
    labels: pairs,
  })
  return { external, labels, ...(name && { name }), ...(driver && { driver }) }
}

/** Every name that a service uses must be there, and nobody may wait for himself. */
function checkReferences(parts: [string, Part][], file: ComposeFile): void {
  for (const [name, part] of parts) {
    const service = file.services[name]
    if (service === undefined) continue
    for (const key of Object.keys(service.networks)) {
      if (!Object.hasOwn(file.networks, key)) part.fault(`is on the network ${key}, which the file does not have`)
    }
    for (const { type, source } of service.mounts) {
      if (type === 'volume' && !Object.hasOwn(file.volumes, source))
        part.fault(`mounts the volume ${source}, which the file does not have`)
    }
    for (const [other, { required }] of Object.entries(service.dependsOn)) {
      if (!Object.hasOwn(file.services, other)) {
        if (required) part.fault(`depends on ${other}, which the file does not have`)
      } else if (reaches(other, name, file.services)) {
        part.fault(`depends on itself by way of ${other}`)
      }
    }
  }
}

function reaches(from: string, to: string, services: ComposeFile['services'], seen = new Set<string>()): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return Object.keys(services[from]?.dependsOn ?? {}).some((next) => reaches(next, to, services, seen))
}

function refused(path: string, faults: Reading['faults']): LabError {
  const told = [...faults]
    .sort((a, b) => a.line - b.line)
    .map(({ line, message }) => `  line ${line}: ${message.trim()}`)
  return new LabError('compose-invalid', [`${path} cannot be used:`, ...told].join('\n'), {
    hint: `Mend ${basename(path)}, or put back the one that came with otel-lab`,
    exit: EXIT.failed,
  })
}
