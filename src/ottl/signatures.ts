import { table } from '../util/table.ts'

export interface Parameter {
  /** As the field of the Go struct: a named argument `to_case` is `ToCase`. */
  name: string
  /** Go's type, such as StringGetter or []Getter. */
  type: string
  optional: boolean
}

/** The functions of a condition and what each takes, as ottlfuncs and the filter processor of 0.159.0 register them. */
const SIGNATURES: Record<string, string> = table({
  All: 'Source:Getter Predicate:LambdaExpression',
  Any: 'Source:Getter Predicate:LambdaExpression',
  Base64Decode: 'Target:StringGetter',
  Base64Encode: 'Target:StringGetter ?Variant:StringGetter',
  Bool: 'Target:BoolLikeGetter',
  Coalesce: 'Values:[]Getter',
  CommunityID:
    'SourceIP:StringGetter SourcePort:IntGetter DestinationIP:StringGetter DestinationPort:IntGetter ?Protocol:StringGetter ?Seed:IntGetter',
  Concat: 'Vals:[]StringLikeGetter Delimiter:StringGetter',
  ContainsValue: 'Target:PSliceGetter Item:Getter',
  ConvertAttributesToElementsXML: 'Target:StringGetter ?XPath:string',
  ConvertCase: 'Target:StringGetter ToCase:string',
  ConvertTextToElementsXML: 'Target:StringGetter ?XPath:string ?ElementName:string',
  Day: 'Time:TimeGetter',
  Decode: 'Target:Getter Encoding:StringGetter',
  Double: 'Target:FloatLikeGetter',
  Duration: 'Duration:StringGetter',
  ExtractGrokPatterns: 'Target:StringGetter Pattern:StringGetter ?NamedCapturesOnly:bool ?PatternDefinitions:[]string',
  ExtractPatterns: 'Target:StringGetter Pattern:StringGetter',
  FNV: 'Target:StringGetter',
  Filter: 'Source:Getter Predicate:LambdaExpression',
  Find: 'Source:Getter Predicate:LambdaExpression ?Mapper:LambdaExpression',
  Format: 'Format:string Vals:[]Getter',
  FormatTime: 'Time:TimeGetter Format:string',
  GetXML: 'Target:StringGetter XPath:string',
  HasPrefix: 'Target:StringGetter Prefix:StringGetter',
  HasSuffix: 'Target:StringGetter Suffix:StringGetter',
  Hex: 'Target:ByteSliceLikeGetter',
  Hour: 'Time:TimeGetter',
  Hours: 'Duration:DurationGetter',
  Index: 'Target:Getter Value:Getter',
  InsertXML: 'Target:StringGetter XPath:string SubDocument:StringGetter',
  Int: 'Target:IntLikeGetter',
  IsBool: 'Target:BoolGetter',
  IsDouble: 'Target:FloatGetter',
  IsEmpty: 'Target:Getter',
  IsInCIDR: 'Target:StringGetter Networks:[]StringGetter',
  IsInt: 'Target:IntGetter',
  IsList: 'Target:Getter',
  IsMap: 'Target:PMapGetter',
  IsMatch: 'Target:StringLikeGetter Pattern:StringGetter',
  IsString: 'Target:StringGetter',
  IsValidLuhn: 'Target:StringLikeGetter',
  Keys: 'Target:PMapGetter',
  Len: 'Target:Getter',
  Log: 'Target:FloatLikeGetter',
  MD5: 'Target:StringGetter',
  MapEach: 'Source:Getter Mapper:LambdaExpression',
  MapKeys: 'Source:PMapGetter KeyMapper:LambdaExpression',
  Microseconds: 'Duration:DurationGetter',
  Milliseconds: 'Duration:DurationGetter',
  Minute: 'Time:TimeGetter',
  Minutes: 'Duration:DurationGetter',
  Month: 'Time:TimeGetter',
  Murmur3Hash: 'Target:StringGetter',
  Murmur3Hash128: 'Target:StringGetter',
  Nanosecond: 'Time:TimeGetter',
  Nanoseconds: 'Duration:DurationGetter',
  Now: '',
  ParseCSV: 'Target:StringGetter Header:StringGetter ?Delimiter:string ?HeaderDelimiter:string ?Mode:string',
  ParseInt: 'Target:StringGetter Base:IntGetter',
  ParseJSON: 'Target:StringGetter',
  ParseKeyValue: 'Target:StringGetter ?Delimiter:string ?PairDelimiter:string',
  ParseSeverity: 'Target:Getter Mapping:PMapGetter',
  ParseSimplifiedXML: 'Target:StringGetter',
  ParseXML: 'Target:StringGetter',
  ProfileID: 'Target:ByteSliceLikeGetter',
  Reduce: 'Source:Getter Seed:Getter Accumulator:LambdaExpression',
  RemoveXML: 'Target:StringGetter XPath:string',
  SHA1: 'Target:StringGetter',
  SHA256: 'Target:StringGetter',
  SHA512: 'Target:StringGetter',
  Second: 'Time:TimeGetter',
  Seconds: 'Duration:DurationGetter',
  SliceToMap: 'Target:PSliceGetter ?KeyPath:[]string ?ValuePath:[]string',
  Sort: 'Target:Getter ?Order:string',
  SpanID: 'Target:ByteSliceLikeGetter',
  Split: 'Target:StringGetter Delimiter:StringGetter',
  String: 'Target:StringLikeGetter',
  Substring: 'Target:StringGetter Start:IntGetter Length:IntGetter ?Utf8Safe:bool',
  Time: 'Time:StringGetter Format:string ?Location:string ?Locale:string',
  ToCamelCase: 'Target:StringGetter',
  ToKeyValueString: 'Target:PMapGetter ?Delimiter:string ?PairDelimiter:string ?SortOutput:bool',
  ToLowerCase: 'Target:StringGetter',
  ToSnakeCase: 'Target:StringGetter',
  ToUpperCase: 'Target:StringGetter',
  TraceID: 'Target:ByteSliceLikeGetter',
  Trim: 'Target:StringGetter ?Replacement:string',
  TrimPrefix: 'Target:StringGetter Prefix:StringGetter',
  TrimSuffix: 'Target:StringGetter Suffix:StringGetter',
  TruncateTime: 'Time:TimeGetter Duration:DurationGetter',
  URL: 'URI:StringGetter',
  UUID: '',
  UUIDv7: '',
  Unix: 'Seconds:IntGetter ?Nanoseconds:IntGetter',
  UnixMicro: 'Time:TimeGetter',
  UnixMilli: 'Time:TimeGetter',
  UnixNano: 'Time:TimeGetter',
  UnixSeconds: 'Time:TimeGetter',
  UserAgent: 'UserAgent:StringGetter',
  Values: 'Target:PMapGetter',
  Weekday: 'Time:TimeGetter',
  When: 'Condition:LambdaExpression TrueValue:Getter FalseValue:Getter',
  XXH128: 'Target:StringGetter',
  XXH3: 'Target:StringGetter',
  Year: 'Time:TimeGetter',
  append: 'Target:GetSetter ?Value:Getter ?Values:[]Getter',
  delete_index: 'Target:PSliceGetSetter StartIndex:IntGetter ?EndIndex:IntGetter',
})

/** Those that one context alone has. */
const OWN: Record<string, Record<string, string>> = table({
  span: table({ IsRootSpan: '' }),
  metric: table({ HasAttrKeyOnDatapoint: 'Key:string', HasAttrOnDatapoint: 'Key:string ExpectedVal:string' }),
})

/** Undefined where the context does not know the function. */
export function signatureOf(name: string, context: string): Parameter[] | undefined {
  const written = OWN[context]?.[name] ?? SIGNATURES[name]
  return written?.split(' ').flatMap((part) => {
    const [field, type] = part.replace('?', '').split(':')
    return type === undefined ? [] : [{ name: field!, type, optional: part.startsWith('?') }]
  })
}
