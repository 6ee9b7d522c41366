import { expect, it } from 'vitest';
import { reachOf } from '../../../src/network/reach.js';

it.each([
  [[], ['127.0.0.1:1', '127.9.9.9:80', 'localhost:9', '::1 80']],
  [['example.com'], ['example.com:80', 'example.com:81']],
  [['example.com:80'], ['example.com:80']],
  [['*'], ['example.com:80', 'example.com:81', 'other.example:80', '192.0.2.1:80']],
])('with %j allowed pods may hand on to %j, and push to what is allowed alone', (allow, hosts) => {
  const { mayReach, isAllowed } = reachOf({ allow });
  const places = ['127.0.0.1:1', '127.9.9.9:80', 'localhost:9', '::1 80', ...REMOTE];
  const told = (may: (host: string, port: number) => boolean) =>
    places.filter(place => {
      const [, host, port] = /^(.*)[: ](\d+)$/.exec(place)!;
      return may(host!, Number(port));
    });
  expect(told(mayReach)).toEqual([...places.slice(0, 4), ...hosts.filter(host => REMOTE.includes(host))]);
  expect(told(isAllowed)).toEqual(allow.includes('*') ? places : hosts.filter(host => REMOTE.includes(host)));
});

const REMOTE = ['example.com:80', 'example.com:81', 'other.example:80', '192.0.2.1:80'];
