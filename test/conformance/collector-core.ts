// Measures our reading of collector configs against the collector's own test cases, collector-core/collector-core.json.
import { debugCases, idCases } from './collector-core/components.ts'
import { expandCases, strictCases } from './collector-core/expand.ts'
import { graphErrorCases } from './collector-core/graph.ts'
import { unmarshalCases, validateCases } from './collector-core/validate.ts'
import { measure } from './shared/measure.ts'

await measure('collector-core', async ({ load, tally, part, knows }) => {
  const suite = load('collector-core/collector-core.json')
  const groups = {
    config_validate: () => validateCases(suite.config_validate, false),
    pipelines_validate: () => validateCases(suite.pipelines_validate, true),
    unmarshal_errors: () => unmarshalCases(suite.unmarshal_errors),
    graph_errors: () => graphErrorCases(suite.graph_errors),
    expand: () => expandCases(suite.expand),
    strict_types: () => strictCases(suite.strict_types),
    component_id: () => idCases(suite.component_id, 'component'),
    pipeline_id: () => idCases(suite.pipeline_id, 'pipeline'),
    debugexporter_validate: () => debugCases(suite.debugexporter_validate),
  }
  for (const [name, cases] of Object.entries(groups)) await part(name, async () => tally(name, await cases()))
  tally(
    'nil_merge',
    suite.nil_merge.map(() => [false, 'not put']),
    'the lab reads one config file, there is nothing to merge',
  )
  // connector_graph is what flows: collector.ts.
  knows('collector-core', suite, [...Object.keys(groups), 'nil_merge', 'connector_graph'])
})
