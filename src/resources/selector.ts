// Provisional
export type Labels = Readonly<Record<string, string>> | undefined;
export interface LabelMatcher { matches(labels: Labels): boolean }
export function parseLabelSelector(text: string): LabelMatcher {
  const parts = text.split(',').filter(Boolean).map(p => { const m = /^([^=!]+)(!?=?=)(.*)$/.exec(p)!; return { key: m[1]!, not: m[2] === '!=', value: m[3]! }; });
  return { matches: labels => parts.every(p => (labels?.[p.key] === p.value) !== p.not) };
}
export interface FieldRequirement { field: string; operator: '=' | '!='; value: string }
export function parseFieldSelector(text: string): FieldRequirement[] {
  return text.split(',').filter(Boolean).map(p => { const m = /^([^=!]+)(!?=?=)(.*)$/.exec(p)!; return { field: m[1]!, operator: m[2] === '!=' ? '!=' : '=', value: m[3]! }; });
}
