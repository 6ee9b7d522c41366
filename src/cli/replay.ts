import type { ClusterOptions } from '../cluster/options.js';
import { type Difference, type Replay, replay } from '../cluster/session/replay.js';
import { listOf } from './config.js';

/** What is to be another way than it was. */
export interface ReplayOptions {
  readonly era?: ClusterOptions['era'];
  readonly nodes?: number;
  readonly seed?: string;
  readonly controllers?: string;
  readonly json?: boolean;
}

/** Runs a recording again and tells what came of it. Answers with the exit code. @throws Error if it is no recording */
export async function printReplay(
  file: string,
  { json = false, controllers, ...given }: ReplayOptions,
): Promise<number> {
  const told = await replay(file, { ...given, ...(controllers ? { controllers: listOf(controllers) } : {}) });
  process.stdout.write(json ? `${JSON.stringify(told)}\n` : `${inWords(told)}\n`);
  return told.difference ? 1 : 0;
}

function inWords({ requests, writes, hash, exact, complete, difference, disturbed }: Replay): string {
  const all = `${counted(requests, 'request')}, ${counted(writes, 'write')}`;
  // What was made to fail on purpose then did not fail now.
  const why = disturbed
    ? `\nin the recording, ${disturbed.disturbed} happened before that, by the rule ${disturbed.rule}: a replay does not repeat it`
    : '';
  if (difference) return `${all}, and then it went another way ${differenceInWords(difference)}${why}`;
  const what = exact ? `the same log to the last byte (${hash})` : 'the same answers';
  return `${all}: ${what}${complete ? '' : '; the recording was cut off there'}`;
}

function differenceInWords({ request, what, was, is }: Difference): string {
  const when = request ? `after request ${request.n}, ${request.method} ${request.path}` : 'before the first request';
  return [`${when}:`, `  ${what}`, ...was.map(line => `  - ${line}`), ...is.map(line => `  + ${line}`)].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
