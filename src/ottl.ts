export { OttlError } from './ottl/ast.ts'
export { type Apply, type Condition, compileCondition, compileStatement } from './ottl/compile.ts'
export { inferContext, inferStatementsContext, unsupportedFunctions, withContext } from './ottl/infer.ts'
export type { Context, Scene } from './ottl/scene.ts'
