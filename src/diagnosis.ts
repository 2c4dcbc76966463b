export { type Checked, checkUp, type Way } from './diagnosis/checkup.ts'
export type { Diagnosis, DiagnosisPorts, Hop, ObservedRun, Signal } from './diagnosis/contract.ts'
export { diagnose } from './diagnosis/diagnose.ts'
export { PROBE_SERVICE } from './diagnosis/probe/requests.ts'
