export type { Diagnosis, DiagnosisPorts, Hop, ObservedRun, Signal } from './diagnosis/contract.ts'
export { diagnose } from './diagnosis/diagnose.ts'
