export { driftOf, driftOfAll, sayDrift } from './config-change/drift.ts'
export { CONFIGS, type ConfigKey, readConfigFile, readText, shownPath } from './config-change/files.ts'
export { type Change, changeFile } from './config-change/make.ts'
export {
  beginTemporary,
  endTemporary,
  pendingTemporary,
  recoverTemporary,
  temporarily,
} from './config-change/temporary.ts'
export {
  applyFile,
  type ConfigLab,
  ConfigRefused,
  changeConfig,
  exclusively,
  type Outcome,
  planChange,
} from './config-change/transaction.ts'
