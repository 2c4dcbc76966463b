import { KeyValueList } from '../../otlp/types.ts'
import { table } from '../../util/table.ts'
import type { Scene } from '../scene.ts'
import { type Access, count, map, read, text } from './access.ts'

const resource = (scene: Scene) => scene.group.resource
const scope = (scene: Scene) => scene.scope!.scope

export const cache: Access = map((scene) => {
  scene.cache ??= []
  return scene.cache
})

export const RESOURCE: Record<string, Access> = table({
  attributes: map((scene) => resource(scene).attributes),
  dropped_attributes_count: count(resource, 'droppedAttributesCount'),
  schema_url: text((scene) => scene.group, 'schemaUrl'),
  cache,
})

export const SCOPE: Record<string, Access> = table({
  name: text(scope, 'name'),
  version: text(scope, 'version'),
  attributes: map((scene) => scope(scene).attributes),
  dropped_attributes_count: count(scope, 'droppedAttributesCount'),
  schema_url: text((scene) => scene.scope!, 'schemaUrl'),
  cache,
})

/** What the collector knows of the sender: its headers, where the receiver is told to keep them. */
const metadata: Access = {
  indexed: true,
  get: ({ metadata }) =>
    metadata === undefined
      ? null
      : new KeyValueList(Object.entries(metadata).map(([key, value]) => ({ key, value: [...value] }))),
}

export const OTELCOL: Record<string, Access> = table({
  'client.addr': read(() => null),
  'client.auth.attributes': { ...read(() => null), indexed: true },
  'client.metadata': metadata,
  'grpc.metadata': metadata,
})
