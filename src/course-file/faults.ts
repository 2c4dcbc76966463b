import type { ErrorObject } from 'ajv'

export interface SchemaFault {
  /** Where in the file. */
  path: (string | number)[]
  words: string
}

/** What ajv found, in an author's words. Of the branches of a choice only the one that was meant is told. */
export function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
  return meant(errors).map((error) => ({ path: pathOf(error), words: inWords(error) }))
}

/** Takes away what ajv says of the branches of an anyOf that the author did not mean, and of the anyOf itself. */
function meant(errors: readonly ErrorObject[]): ErrorObject[] {
  const choice = errors.find(({ keyword }) => keyword === 'anyOf')
  if (choice === undefined) return [...errors]
  const prefix = `${choice.schemaPath}/`
  const isBelow = (error: ErrorObject) =>
    error !== choice && error.schemaPath.startsWith(prefix) && error.instancePath.startsWith(choice.instancePath)
  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors.filter(isBelow)) {
    const branch = error.schemaPath.slice(prefix.length).split('/')[0]!
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const others = errors.filter((error) => error !== choice && !isBelow(error))
  const costs = [...branches.values()].map((branch) => ({ branch, cost: costOf(branch, choice) }))
  const best = costs.sort((a, b) => a.cost - b.cost)[0]
  // ajv tells of schemas behind a $ref elsewhere: then the choice itself is all that can be said.
  return best ? [...meant(others), ...meant(best.branch)] : [...meant(others), { ...choice, keyword: 'choice' }]
}

/** A branch whose keys are there was meant; one of which none is there was not. */
function costOf(branch: readonly ErrorObject[], { instancePath }: ErrorObject): number {
  const atTop = branch.filter((error) => error.instancePath === instancePath)
  const of = (keyword: string) => atTop.filter((error) => error.keyword === keyword).length
  return of('type') * 100 + of('required') * 10 + of('additionalProperties') * 5 + branch.length
}

function pathOf({ instancePath, params }: ErrorObject): (string | number)[] {
  const keys = instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key))
  if (params.additionalProperty) return [...keys, params.additionalProperty]
  return params.tag ? [...keys, params.tag] : keys
}

function inWords({ instancePath, message, params, keyword, parentSchema }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'the file'
  if (params.additionalProperty) return `${where} may not have ${params.additionalProperty}`
  if (params.allowedValues) return `${where} must be one of ${params.allowedValues.join(', ')}`
  if (params.allowedValue !== undefined) return `${where} must be ${params.allowedValue}`
  if (keyword === 'discriminator') {
    const branches = (parentSchema as { oneOf?: { properties: Record<string, { const: string }> }[] }).oneOf ?? []
    const known = branches.map(({ properties }) => properties[params.tag]!.const)
    const given = params.tagValue === undefined ? 'is missing' : `${params.tagValue} does not exist`
    return `${where}.${params.tag} ${given}; it must be one of ${known.join(', ')}`
  }
  return `${where} ${keyword === 'choice' ? 'is none of what it may be' : message}`
}
