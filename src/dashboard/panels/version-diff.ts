import { structuredPatch } from 'diff';

/** A line of a difference: what came, what went, and what stands around it. */
interface DiffLine {
  readonly look: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
}

const CONTEXT = 2;
/** It is another one with every write, which the list of writes tells already. */
const NOISE = /^\s*resourceVersion:.*\n/gm;

/** How two versions of an object differ, line by line, with a little of what stands around. */
export function versionDiff(before: string, after: string): readonly DiffLine[] {
  const { hunks } = structuredPatch('', '', before.replace(NOISE, ''), after.replace(NOISE, ''), '', '', {
    context: CONTEXT,
  });
  return hunks.flatMap((hunk, i) => [
    ...(i > 0 ? [{ look: 'gap' as const, text: '…' }] : []),
    ...hunk.lines
      .filter(line => !line.startsWith('\\'))
      .map(line => ({
        look: line.startsWith('+')
          ? ('added' as const)
          : line.startsWith('-')
            ? ('removed' as const)
            : ('same' as const),
        text: line.slice(1),
      })),
  ]);
}
