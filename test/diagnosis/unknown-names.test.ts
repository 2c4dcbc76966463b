import { describe, expect, it } from 'vitest'
import { unknownAttributes, unknownLabels } from '../../src/diagnosis/unknown-names.ts'

const TAGS = { resource: ['service.name', 'otel_lab.run.id'], span: ['file_path', 'http.route'] }

describe('names that a query asks for and nobody has', () => {
  it('are told with what is called like them', () => {
    expect(unknownAttributes('{resource.run.id="r1"}', TAGS)).toEqual([
      'No attribute is called resource.run.id. Near it: otel_lab.run.id',
    ])
    expect(unknownAttributes('{span.service.name="a" && .colour="b"}', TAGS)).toEqual([
      'No attribute is called span.service.name. There are file_path, http.route',
      'No attribute is called .colour. There are service.name, otel_lab.run.id, file_path, http.route',
    ])
    expect(unknownLabels('{instance="r1", job!~"x=y"}', ['service_name', 'service_instance_id', 'job'])).toEqual([
      'No label is called instance. Near it: service_instance_id',
    ])
  })

  it('are not those that there are, nor what stands in a text, an intrinsic or a number', () => {
    const sound = [
      '{resource.service.name="x.y.z" && span.http.route=~"/.*"}',
      '{.file_path=`a.b` && duration > 1.5s && name="load.file"}',
      '{event:name="exception" && trace:rootName="a"} | rate()',
      '{}',
    ]
    for (const query of sound) expect(unknownAttributes(query, TAGS), query).toEqual([])
    expect(unknownLabels('{job="a"}', ['job'])).toEqual([])
  })
})
