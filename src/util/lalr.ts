/**
 * An LALR(1) parser generator. The parsers of Tempo and Loki are made by goyacc, and which tokens their messages
 * expect depends on the very tables: LALR(1) look-ahead, yacc's precedence rules, and the most frequent reduction
 * of a state as its default. A hand-written descent could accept the same language but not say the same words.
 */
export interface Rule {
  lhs: string
  rhs: string[]
  /** The token whose precedence the rule takes; the last token of `rhs` when absent. */
  prec?: string
}

export interface Grammar {
  /** In the order of declaration, which is the order in which messages name them. Token 0 is the end of input. */
  tokens: readonly string[]
  /** Lowest first. */
  precedence: readonly { assoc: 'left' | 'right' | 'none'; tokens: readonly string[] }[]
  /** `rules[0].lhs` is the start symbol. */
  rules: readonly Rule[]
}

/** What a state does on a token: shift to `>= 0`, or an explicit error or reduction. */
export type Action = { shift: number } | { reduce: number } | 'accept' | 'error'

export interface ParserState {
  actions: Map<number, Action>
  /** Rule number to reduce when no action is listed for the token; undefined is an error. */
  fallback: number | undefined
  /** Reads a token before it acts; the others reduce at once. */
  reads: boolean
  goto: Map<string, number>
}

interface State {
  kernel: number[]
  next: Map<string, number>
  /** Completed rules. */
  done: number[]
}

/** Items are numbered rule by rule; `itemOf[rule] + dot`. */
export function buildTables(grammar: Grammar): ParserState[] {
  const tokenIndex = new Map(grammar.tokens.map((token, i) => [token, i]))
  const rules = [{ lhs: '$accept', rhs: [grammar.rules[0]!.lhs] }, ...grammar.rules]
  const isToken = (symbol: string) => tokenIndex.has(symbol)
  const byLhs = new Map<string, number[]>()
  rules.forEach((rule, i) => {
    const list = byLhs.get(rule.lhs)
    if (list) list.push(i)
    else byLhs.set(rule.lhs, [i])
  })
  for (const rule of rules) {
    for (const symbol of rule.rhs) {
      if (!isToken(symbol) && !byLhs.has(symbol)) throw new Error(`unknown symbol ${symbol} in ${rule.lhs}`)
      if (rule.rhs.length === 0) throw new Error('empty rules are not needed here')
    }
  }
  const states = buildStates(rules, byLhs, isToken)
  const lookaheads = lookaheadSets(rules, byLhs, states, tokenIndex)
  return states.map((state, i) => resolve(state, lookaheads[i]!, rules.slice(1), grammar, tokenIndex))
}

const itemKey = (rule: number, dot: number) => rule * 16 + dot

function buildStates(rules: Rule[], byLhs: Map<string, number[]>, isToken: (s: string) => boolean): State[] {
  const states: State[] = []
  const known = new Map<string, number>()
  const add = (kernel: number[]): number => {
    kernel.sort((a, b) => a - b)
    const key = kernel.join()
    const old = known.get(key)
    if (old !== undefined) return old
    known.set(key, states.length)
    states.push({ kernel, next: new Map(), done: [] })
    return states.length - 1
  }
  add([itemKey(0, 0)])
  for (let s = 0; s < states.length; s++) {
    const state = states[s]!
    const targets = new Map<string, number[]>()
    const opened = new Set<string>()
    const items = [...state.kernel]
    for (let i = 0; i < items.length; i++) {
      const rule = items[i]! >> 4
      const dot = items[i]! & 15
      const symbol = rules[rule]!.rhs[dot]
      if (symbol === undefined) {
        state.done.push(rule)
        continue
      }
      const target = targets.get(symbol)
      if (target) target.push(itemKey(rule, dot + 1))
      else targets.set(symbol, [itemKey(rule, dot + 1)])
      if (!isToken(symbol) && !opened.has(symbol)) {
        opened.add(symbol)
        for (const other of byLhs.get(symbol)!) items.push(itemKey(other, 0))
      }
    }
    for (const [symbol, kernel] of targets) state.next.set(symbol, add(kernel))
  }
  return states
}

/**
 * DeRemer and Pennello's relations. No rule is empty, so "reads" never crosses a nonterminal and only
 * "includes" and "lookback" are left.
 */
function lookaheadSets(
  rules: Rule[],
  byLhs: Map<string, number[]>,
  states: State[],
  tokenIndex: Map<string, number>,
): Map<number, Set<number>>[] {
  interface Transition {
    from: number
    symbol: string
    follow: Set<number>
    includes: Transition[]
    low: number
  }
  const transitions = new Map<string, Transition>()
  states.forEach((state, from) => {
    for (const [symbol, target] of state.next) {
      if (tokenIndex.has(symbol)) continue
      const follow = new Set<number>()
      for (const after of states[target]!.next.keys()) {
        const token = tokenIndex.get(after)
        if (token !== undefined) follow.add(token)
      }
      if (from === 0 && symbol === rules[0]!.rhs[0]) follow.add(0)
      transitions.set(`${from} ${symbol}`, { from, symbol, follow, includes: [], low: 0 })
    }
  })
  const lookback: { state: number; rule: number; transition: Transition }[] = []
  for (const transition of transitions.values()) {
    for (const rule of byLhs.get(transition.symbol)!) {
      let state = transition.from
      const { rhs } = rules[rule]!
      rhs.forEach((symbol, i) => {
        if (i === rhs.length - 1 && !tokenIndex.has(symbol)) {
          transitions.get(`${state} ${symbol}`)!.includes.push(transition)
        }
        state = states[state]!.next.get(symbol)!
      })
      lookback.push({ state, rule, transition })
    }
  }
  closeOver([...transitions.values()])
  const result = states.map(() => new Map<number, Set<number>>())
  for (const { state, rule, transition } of lookback) {
    const sets = result[state]!
    const set = sets.get(rule) ?? new Set()
    for (const token of transition.follow) set.add(token)
    sets.set(rule, set)
  }
  for (const state of states.keys()) if (states[state]!.done.includes(0)) result[state]!.set(0, new Set([0]))
  return result
}

/** follow(x) takes in follow(y) for every y that x includes: Tarjan's components, iterated until nothing grows. */
function closeOver(nodes: { follow: Set<number>; includes: { follow: Set<number> }[] }[]): void {
  for (let grew = true; grew; ) {
    grew = false
    for (const node of nodes) {
      const before = node.follow.size
      for (const other of node.includes) for (const token of other.follow) node.follow.add(token)
      if (node.follow.size > before) grew = true
    }
  }
}

/** Chooses among shift and reductions as goyacc does, then makes the most frequent reduction the default. */
function resolve(
  state: State,
  lookaheads: Map<number, Set<number>>,
  rules: Rule[],
  grammar: Grammar,
  tokenIndex: Map<string, number>,
): ParserState {
  const levels = new Map<string, { level: number; assoc: string }>()
  grammar.precedence.forEach(({ assoc, tokens }, i) => {
    for (const token of tokens) levels.set(token, { level: i + 1, assoc })
  })
  const actions = new Map<number, Action>()
  const goTo = new Map<string, number>()
  for (const [symbol, target] of state.next) {
    const token = tokenIndex.get(symbol)
    if (token === undefined) goTo.set(symbol, target)
    else actions.set(token, { shift: target })
  }
  for (const done of [...state.done].sort((a, b) => a - b)) {
    for (const token of lookaheads.get(done) ?? []) {
      if (done === 0) {
        actions.set(token, 'accept')
        continue
      }
      const old = actions.get(token)
      // Of two reductions the earlier rule wins.
      if (old === undefined) actions.set(token, { reduce: done - 1 })
      else if (typeof old === 'object' && 'shift' in old) {
        const rule = rules[done - 1]!
        const own = levels.get(rule.prec ?? rule.rhs.findLast((s) => tokenIndex.has(s)) ?? '')
        const other = levels.get(grammar.tokens[token]!)
        if (own === undefined || other === undefined || other.level > own.level) continue
        if (other.level < own.level || other.assoc === 'left') actions.set(token, { reduce: done - 1 })
        else if (other.assoc === 'none') actions.set(token, 'error')
      }
    }
  }
  const votes = new Map<number, number>()
  for (const token of [...actions.keys()].sort((a, b) => a - b)) {
    const action = actions.get(token)
    if (typeof action === 'object' && 'reduce' in action) {
      votes.set(action.reduce, (votes.get(action.reduce) ?? 0) + 1)
    }
  }
  let fallback: number | undefined
  let most = 0
  for (const [rule, count] of votes) {
    if (count <= most) continue
    fallback = rule
    most = count
  }
  for (const [token, action] of actions) {
    if (typeof action === 'object' && 'reduce' in action && action.reduce === fallback) actions.delete(token)
  }
  return { actions, fallback, reads: actions.size > 0, goto: goTo }
}
