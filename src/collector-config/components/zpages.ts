import { component } from '../component.ts'
import { bool, struct } from '../schema.ts'
import { listenProblems } from '../shared/endpoint.ts'
import { httpServer } from '../shared/http.ts'

export const zpagesExtension = component({
  kind: 'extension',
  type: 'zpages',
  signals: [],
  schema: struct(
    'zpagesextension.Config',
    {
      ...httpServer({ endpoint: 'localhost:55679' }),
      expvar: struct('zpagesextension.ExpvarConfig', { enabled: bool() }),
    },
    function* (z) {
      if (z.endpoint === '') {
        yield { message: '"endpoint" is required when using the "zpages" extension', key: ['endpoint'] }
      } else yield* listenProblems(z.endpoint, '0.0.0.0:55679')
    },
  ),
})
