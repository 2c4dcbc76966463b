export { budgetOf, type Waits, waitsText } from './latency/budget.ts'
export { compare } from './latency/compare.ts'
export type { Figures } from './latency/distribution.ts'
export { DOOR_TITLES, DOORS, type Door } from './latency/door.ts'
export { measurementJson, samplesCsv } from './latency/export.ts'
export { deadlineFor, readHistory, rememberLatency } from './latency/history.ts'
export type { Account } from './latency/hop.ts'
export { hopTitle } from './latency/hop-title.ts'
export { measurementPage } from './latency/html.ts'
export { type Maker, type MeasuredLab, type Measurement, measure } from './latency/measurement.ts'
export { type WatchView, watchLatency } from './latency/monitor/run.ts'
export { sloOf } from './latency/monitor/slo.ts'


export { pollFor } from './latency/poll.ts'


export type { SessionEvent } from './latency/probe/session.ts'
export type { ProbeEvent } from './latency/run.ts'
export { preciseNow } from './latency/run.ts'
export { type Setting, settingOf, sweepOf } from './latency/setting.ts'
export { readWaits, sdkOf } from './latency/waits.ts'
export { type SweepStep, sweep, type Trial, type WhatIf, whatIf } from './latency/what-if.ts'
