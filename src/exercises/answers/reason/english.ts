import { parsePattern } from './pattern.ts'

/** What turns what follows it into its opposite. */
export const NEGATORS = [
  'not|no|never|without|nothing|neither|nor|none|hardly|untrue|false|falsely|unlikely|doubt*|except|deny|nope|non|nowhere|nobody|un',
  'not because|due|from',
  'not think|believe|suppose|expect',
  'zero|0',
  'rather than',
  'instead of',
  'other than',
  'anything but',
  'far from',
  'free of|from',
  'rule|ruled|ruling out',
  'exclude|excluded|excludes|excluding',
  'opposite of',
  'contrary to',
  'wrong|bad answer|reason|explanation|idea|theory|guess',
  'as opposed to',
  'unlike',
  'wrong|mistaken|mistake|incorrect|false|nonsense to say|claim|think|believe|assume|call',
  'if|whether|unless',
].map(parsePattern)

/** What turns what stands before it into its opposite: "truncated is wrong". */
export const DENIALS = ['is|was|be|sounds wrong|incorrect|impossible|nonsense', 'free'].map(parsePattern)

/** Negations of something else: that it could not be read says nothing of why. */
export const HARMLESS = [
  'can|could|did|does|do|will|would|was|is|be|has|have|been|to not be|been|get? load*|read|readable|open*|process*|parse*|pars*|handle*|work*|decode*|decompress*|unzip*|unpack*|continue*|proceed*|analys*|analyz*|used|usable|use|run|succeed*|finish processing|processing',
  'not loadable|readable|usable|processed|parsed|opened|working|loading|possible|able',
  'holds|contains|contain|has|have|with|is|was|left|are|were? nothing but|except',
  'more|greater|larger|bigger than zero|0',
  'not only|just|merely|simply',
  'not sure|certain',
  'do|did not know|understand',
  'what is|was wrong',
  'no idea|doubt|wonder|surprise|problem|matter|output|result|way',
  'not good|great|nice|ok|okay|fine|right|correct|healthy|what i|we expected',
  'as if|even if|check if|see if',
  'if you|i|we|one',
].map(parsePattern)

/** Where the reach of a negation ends, besides commas and full stops: "not empty but cut off". */
export const TURNS: ReadonlySet<string> = new Set(
  'but because since so it its rather actually instead though although however whereas while therefore hence yet thus this'.split(
    ' ',
  ),
)

/** What may stand behind a negation that looks back: "truncated is not the reason". */
export const BACKWARD: ReadonlySet<string> = new Set(
  'the a as possible potential likely equal equals case reason cause problem it true right issue here at all what happened so why i think this correct answer way is was in and of by any means one matter'.split(
    ' ',
  ),
)

/** No pattern reaches across these unless it names them. */
export const STOPS: ReadonlySet<string> = new Set(
  'not no never without nothing neither nor none hardly but because since or rather instead although however whereas'.split(
    ' ',
  ),
)
