import { expect, test } from 'vitest'
import { logqlMeant } from '../../src/diagnosis/meant/logql.ts'
import { promqlMeant } from '../../src/diagnosis/meant/promql.ts'
import { traceqlMeant } from '../../src/diagnosis/meant/traceql.ts'

const tempo = {
  tags: async () => ({ resource: ['service.name'], span: ['error.type', 'file.name'], intrinsic: ['name', 'status'] }),
  values: async (tag: string) => (tag === 'name' ? ['load_file', 'skull_strip'] : ['neuro-preprocess']),
}
const prometheus = {
  names: async () => [
    'neuro_files_failed_total',
    'neuro_files_processed_total',
    'neuro_process_duration_seconds_bucket',
  ],
  labels: async () => ['instance', 'job', 'status'],
  values: async (label: string) => (label === 'status' ? ['failed', 'success'] : []),
}
const loki = {
  labels: async () => ['service_name', 'service_instance_id'],
  values: async (label: string) => (label === 'service_name' ? ['neuro-preprocess'] : []),
}

test.each([
  ['{name=skull_strip}', '{name="skull_strip"}'],
  ['{ name = "skullstrip" }', '{ name = "skull_strip" }'],
  ['name="load_file"', '{name="load_file"}'],
  ['{service.name="neuro-preprocess"}', '{resource.service.name="neuro-preprocess"}'],
  ['{span.service.name="neuro-preprocess"}', '{resource.service.name="neuro-preprocess"}'],
  ['{span.eror.type="x"} | select(name)', '{span.error.type="x"} | select(name)'],
  ['{status="error"}', '{status=error}'],
  ["{name='load_file'}", '{name="load_file"}'],
  ['{status=error && name=load_file}', '{status=error && name="load_file"}'],
])('TraceQL %s may mean %s', async (query, meant) => {
  expect(await traceqlMeant(query, tempo)).toContain(meant)
})

test.each([
  ['neuro_files_faild_total', 'neuro_files_failed_total'],
  ['neuro.files.failed', 'neuro_files_failed_total'],
  ['neuro.process.duration{job="a.b"}', 'neuro_process_duration_seconds_bucket{job="a.b"}'],
  ['neuro_files_processed_total{status="failure"}', 'neuro_files_processed_total{status="failed"}'],
  ['neuro_files_processed_total{state="success"}', 'neuro_files_processed_total{status="success"}'],
])('PromQL %s may mean %s', async (query, meant) => {
  expect(await promqlMeant(query, undefined, prometheus)).toContain(meant)
})

test('what a function wants is a range', async () => {
  const query = 'sum(rate(neuro_files_faild_total{status="x"}))'
  const message = 'parse error: expected type range vector in call to function "rate", got instant vector'
  const refused = { message, position: 9, length: query.indexOf(')') - 9 }
  expect(await promqlMeant(query, refused, prometheus)).toContain('sum(rate(neuro_files_failed_total{status="x"}[5m]))')
})

test.each([
  ['{level="ERROR"}', '{service_name=~".+"} | level="ERROR"'],
  ['{level="ERROR"}', '{service_name=~".+"} | detected_level="error"'],
  [`{level='ERROR'}`, '{service_name=~".+"} | level="ERROR"'],
  ['{service_name=neuro-preprocess}', '{service_name="neuro-preprocess"}'],
  ['{service_name="neuro"} |= "x"', '{service_name="neuro-preprocess"} |= "x"'],
  ['{service_nam="neuro-preprocess"}', '{service_name="neuro-preprocess"}'],
  ['{service_name="neuro-preprocess"} | level="ERROR"', '{service_name="neuro-preprocess"} | detected_level="error"'],
  [
    '{service_name="neuro-preprocess", trace_id="a}b"} | json',
    '{service_name="neuro-preprocess"} | trace_id="a}b" | json',
  ],
])('LogQL %s may mean %s', async (query, meant) => {
  expect(await logqlMeant(query, loki)).toContain(meant)
})

test('what is right or beyond help stays as it is', async () => {
  expect(new Set(await traceqlMeant('{status=error}', tempo))).toEqual(new Set(['{status=error}']))
  expect(new Set(await promqlMeant('neuro_files_failed_total', undefined, prometheus))).toEqual(
    new Set(['neuro_files_failed_total']),
  )
  expect(await logqlMeant('rate(', loki)).toEqual([])
  expect(await logqlMeant('{service_name="neuro-preprocess" level ERROR}', loki)).toEqual([])
})
