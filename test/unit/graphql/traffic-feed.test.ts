import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkService } from '../../../src/graphql/context.js';
import { TrafficFeed } from '../../../src/graphql/traffic-feed.js';

const PLACE = '127.18.0.2:9100/TCP';
const HOUR = 3_600_000;

describe('what comes to a network', () => {
  let listeners: Set<(place: string | undefined) => void>;
  let came: number;
  const address = () => ({ address: '127.18.0.2', port: 9100, protocol: 'TCP', came });
  const service = (): NetworkService =>
    ({
      state: () => ({ network: 'loopback', addresses: [address()] }),
      present: () => ({ mode: 'loopback', at: (place: string) => (place === PLACE ? address() : undefined) }),
      open: undefined,
      follow(listener: (place: string | undefined) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }) as unknown as NetworkService;
  const comes = (times: number) => {
    for (let i = 0; i < times; i++) {
      came++;
      for (const listener of listeners) listener(PLACE);
    }
  };
  /** The message after those that were told, as far as it is there. */
  const nextOf = (feed: TrafficFeed) => {
    const told: { message?: unknown; isOver?: boolean | undefined } = {};
    void feed.next().then(({ value, done }) => Object.assign(told, { message: value, isOver: done }));
    return told;
  };

  beforeEach(() => {
    listeners = new Set();
    came = 0;
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is told at most once a second, and nothing is told or waited for while nothing comes', async () => {
    const feed = new TrafficFeed(service());
    expect((await feed.next()).value).toMatchObject({ whole: true, changed: [{ came: 0 }] });
    const second = nextOf(feed);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(second).toEqual({});
    expect(vi.getTimerCount()).toBe(0);
    comes(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(second.message).toMatchObject({ whole: false, changed: [{ came: 3 }], gone: [] });
    const third = nextOf(feed);
    comes(4);
    await vi.advanceTimersByTimeAsync(999);
    expect(third).toEqual({});
    await vi.advanceTimersByTimeAsync(1);
    expect(third.message).toMatchObject({ changed: [{ came: 7 }] });
    const fourth = nextOf(feed);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(fourth).toEqual({});
    expect(vi.getTimerCount()).toBe(0);
    await feed.return();
  });

  it('is followed by nobody any more who has left, also in the middle of a pause', async () => {
    const feed = new TrafficFeed(service());
    await feed.next();
    const waiting = nextOf(feed);
    comes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(listeners.size).toBe(1);
    await feed.return();
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting).toEqual({ message: undefined, isOver: true });
  });
});
