import { expect, test } from 'vitest'
import { parseLokiConfig } from '../../../src/embedded/loki/config.ts'
import { CONFIG } from './support.ts'

const faultOf = (text: string) => {
  try {
    parseLokiConfig(text, 'loki.yaml')
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

test('faults are named with their lines, all at once', () => {
  expect(faultOf(`${CONFIG}limits_config:\n  max_line_sise: 1\n  max_line_size: lots\ningesterr: {}\n`)).toBe(
    `failed parsing config: loki.yaml: yaml: unmarshal errors:
  line 8: field ingesterr not found in type loki.ConfigWrapper
  line 6: field max_line_sise not found in type validation.plain
  line 7: cannot unmarshal !!str \`lots\` into flagext.ByteSize`,
  )
})

test('what cannot be here is refused by name', () => {
  expect(faultOf(CONFIG.replace('auth_enabled: false', 'auth_enabled: true'))).toContain('auth_enabled is refused')
  expect(faultOf('auth_enabled: false\n')).toContain('must specify at least one schema config')
  expect(faultOf(CONFIG.replace('v13', 'v12'))).toContain('schema v13 is required to store Structured Metadata')
})

test('otlp_config puts the default index labels first, unless they are ignored', () => {
  const rules = (more: string) =>
    parseLokiConfig(`${CONFIG}limits_config: {otlp_config: {resource_attributes: {${more}}}}\n`, 'x').limits.otlp
      .resource
  const extra = 'attributes_config: [{action: index_label, regex: "team.*"}]'
  expect(rules(extra).map(({ action, matches }) => [action, matches('service.name'), matches('team.a')])).toEqual([
    ['index_label', true, false],
    ['index_label', false, true],
  ])
  expect(rules(`ignore_defaults: true, ${extra}`)).toHaveLength(1)
  const bad = 'otlp_config: {scope_attributes: [{action: index_label, attributes: [a], regex: b}, {action: keep}]}'
  expect(faultOf(`${CONFIG}limits_config: {${bad}}\n`).split('\n').slice(1)).toEqual([
    expect.stringContaining('index_label action is only supported for resource_attributes'),
    expect.stringContaining('only one of attributes or regex must be set'),
    expect.stringContaining('unsupported action, it must be one of: drop, index_label, structured_metadata'),
    expect.stringContaining('attributes or regex must be set'),
  ])
})
