import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { withoutShutDoors } from '../../../src/engine/docker/open-doors.ts'

const at = (port: number) => ({ url: `http://127.0.0.1:${port}` })
const all = { otlpGrpc: at(4317), otlpHttp: at(4318), tempo: at(3200), prometheus: at(9090), loki: at(3100) }
const shipped = await readFile(resolve('stack/configs/otel-collector-config.yaml'), 'utf8')

test('a published port is a door when the collector listens behind it', () => {
  expect(withoutShutDoors(all, shipped)).toEqual(all)
  const { otlpGrpc, ...httpAlone } = all
  const without = shipped.replace(/ {6}grpc:\n {8}endpoint: 0.0.0.0:4317\n/, '')
  expect(withoutShutDoors(all, without)).toEqual(httpAlone)
  expect(withoutShutDoors(all, shipped.replace('0.0.0.0:4317', '0.0.0.0:4327'))).toEqual(httpAlone)
})

test('a config that nobody can read shuts none', () => {
  expect(withoutShutDoors(all, undefined)).toEqual(all)
  expect(withoutShutDoors(all, 'receivers: [')).toEqual(all)
})
