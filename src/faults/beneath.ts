import type { Clock } from '../clock/clock.js';
import { stateOf, WorldClock } from '../clock/world-clock.js';
import type { WebhookCaller } from '../registry/admission/webhooks/consultation.js';
import { shownWebhook } from '../resources/admission/webhook-place.js';
import { StoreError } from '../store/backend.js';
import type { Faults } from './faults.js';
import { drawDuration } from './latency.js';
import type { Asked } from './matching.js';

/** What is none of the API's requests. */
const BENEATH: Omit<Asked, 'verb'> = {
  path: '',
  resource: undefined,
  user: '',
  userAgent: '',
  labels: () => ({ labels: undefined }),
  resumed: false,
  usual: true,
};

/**
 * Lets happen to commits what rules say. It goes by the machine's time: requests wait for commits, and nobody could move a clock that stands
 * still before they are done.
 * @param place that is said to be full
 */
export async function disturbCommit(faults: Faults, place: string): Promise<void> {
  const fault = faults.meetAt('commit', { ...BENEATH, verb: 'commit' });
  if (fault?.fault.kind === 'fullDisk') throw new StoreError('full', `the disk is full: ${place} cannot grow`);
  if (fault?.fault.kind === 'slowDisk') await passed(WorldClock.real(), drawDuration(fault.fault.by, fault.dice));
}

/** Lets happen to calls of webhooks what rules say. While the clock stands still, time runs out at once, and also when the cluster ends. */
export function disturbedCalls(faults: Faults, caller: WebhookCaller, clock: Clock): WebhookCaller {
  /** Ends those that wait for their time to run out. */
  const waiting = new Set<() => void>();
  let isClosed = false;
  const call: WebhookCaller['call'] = async (client, body, timeoutSeconds) => {
    if (!faults.any && !isClosed) return caller.call(client, body, timeoutSeconds);
    const { url, serverName, port } = shownWebhook(client);
    const post = (why: string) => new Error(`failed to call webhook: Post "${url}?timeout=${timeoutSeconds}s": ${why}`);
    if (isClosed) throw post('the cluster is closed');
    const fault = faults.meetAt('webhook', { ...BENEATH, verb: 'webhook', webhook: url })?.fault;
    if (fault?.kind === 'webhookRefused') throw post(`dial tcp ${serverName}:${port}: connect: connection refused`);
    if (fault?.kind === 'webhookTimeout') {
      if (stateOf(clock).rate > 0)
        await new Promise<void>(resolve => {
          const end = () => {
            timer.cancel();
            waiting.delete(end);
            resolve();
          };
          const timer = clock.after(timeoutSeconds * 1000, end);
          waiting.add(end);
        });
      throw post('context deadline exceeded');
    }
    return caller.call(client, body, timeoutSeconds);
  };
  const close = () => {
    isClosed = true;
    for (const end of waiting) end();
    caller.close?.();
  };
  return { ...caller, call, close };
}

const passed = (clock: Clock, ms: number): Promise<void> =>
  new Promise(resolve => {
    clock.after(ms, () => {
      resolve();
    });
  });
