export { OttlError } from './ottl/ast.ts'
export { type Condition, compileCondition, unsupportedFunctions } from './ottl/compile.ts'
export { inferContext, withContext } from './ottl/infer.ts'
export type { Context, Scene } from './ottl/paths.ts'
