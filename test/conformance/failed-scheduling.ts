import type { Answered } from './normalise.js';

/** What 1.20 said of a node, and what says as much since. Of what is gone nothing is left. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  // Who fails by affinity was told so twice: in general, and by which.
  [/^node\(s\) didn't match pod affinity\/anti-affinity$/, ''],
  [/^node\(s\) didn't match Pod's node affinity$/, "node(s) didn't match Pod's node affinity/selector"],
  // Nodes that the affinity leaves out are not looked at any more, and counted as such.
  [/^node\(s\) didn't satisfy plugin\(s\) \[NodeAffinity\]$/, "node(s) didn't match Pod's node affinity/selector"],
  [/^node\(s\) had taint \{.*\}, that the pod didn't tolerate$/, 'node(s) had untolerated taint(s)'],
];

/** What is wrong with the pod is no longer counted by node. */
const WHATEVER_THE_NODE = /^persistentvolumeclaim /;

/** The same answer with all messages of the scheduler in the words of 1.35, but for what was tried where no node was left. */
export function inNewWords(value: Answered): Answered {
  if (typeof value === 'string') return message(value);
  if (Array.isArray(value)) return value.map(inNewWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inNewWords(member)]));
}

function message(text: string): string {
  const found =
    /^(\d+\/\d+ nodes are available: )(.*?)\.( no new claims to deallocate, preemption: .*| not found)?$/.exec(text);
  if (!found) return text;
  const counts = new Map<string, number>();
  for (const part of found[2]!.split(/, (?=\d+ )/)) {
    const [, count = 0, old = part] = /^(\d+) (.*)$/.exec(part) ?? [];
    const reason = REASONS.find(([pattern]) => pattern.test(old))?.[1] ?? old;
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + (WHATEVER_THE_NODE.test(reason) ? 0 : Number(count)));
  }
  const parts = [...counts].map(([reason, count]) => (count > 0 ? `${count} ${reason}` : reason));
  return `${found[1]}${parts.sort().join(', ')}.`;
}
