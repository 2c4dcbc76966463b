import type { MapNode } from '../node.ts'
import { removeComponent } from '../patch/rename.ts'
import { applyEdits } from '../patch.ts'
import { child, componentsOf, type Finding, textAt, typeAndName } from './finding.ts'

export function serviceRules(root: MapNode): Finding[] {
  return [...metricsAddress(root), ...ballast(root)]
}

/** Either may be a variable, whose colon is none between the two. What is left out is as it was by default. */
function hostAndPort(address: string): { host: string; port: string } {
  const parts = /^(?:\[(?<six>[^\]]*)\]|(?<name>.*?)):(?<port>\d+|\$\{[^}]*\})$/.exec(address)?.groups
  const whole = /^\$\{[^}]*\}$/.test(address) || !address.includes(':') ? address : ''
  return { host: (parts?.six ?? parts?.name ?? whole) || '0.0.0.0', port: parts?.port ?? '8888' }
}

const METRICS = 'service.telemetry.metrics'

function metricsAddress(root: MapNode): Finding[] {
  const metrics = child(root, 'service', 'telemetry', 'metrics')
  const entry = metrics?.kind === 'map' ? metrics.entries.get('address') : undefined
  if (entry === undefined) return []
  const address = textAt(metrics, 'address') ?? ''
  const { host, port } = hostAndPort(address)
  const hasReaders = child(metrics, 'readers') !== undefined
  const reader = `[{pull: {exporter: {prometheus: {host: ${JSON.stringify(host)}, port: ${/^\d+$/.test(port) ? port : JSON.stringify(port)}}}}}]`
  return [
    {
      at: entry.keyAt,
      what: hasReaders
        ? `${METRICS}.address is gone`
        : `${METRICS}.address: ${address} is now a reader under ${METRICS}.readers`,
      why: 'the address is ignored; readers say where the collector shows its own metrics',
      since: '0.123.0',
      apply(text) {
        const added = hasReaders ? text : applyEdits(text, [{ op: 'set', path: `${METRICS}.readers`, value: reader }])
        return applyEdits(added, [{ op: 'remove', path: `${METRICS}.address` }])
      },
    },
  ]
}

function ballast(root: MapNode): Finding[] {
  return componentsOf(root, 'extensions')
    .filter(([id]) => typeAndName(id)[0] === 'memory_ballast')
    .map(([id, { keyAt }]) => ({
      at: keyAt,
      what: `extension ${id} is gone`,
      why: 'the memory ballast was removed; set GOMEMLIMIT in the environment instead',
      since: '0.109.0',
      apply: (text) => removeComponent(text, 'extensions', id),
    }))
}
