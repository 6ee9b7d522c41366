import autocannon from 'autocannon';
import { type Running, send, start } from './processes.js';

export interface Throughput {
  readonly what: string;
  readonly bytes: number;
  /** Requests a second that Kubette answered, … */
  readonly ours: number;
  /** … and a bare node:http server sending the same bytes, measured in turns with it. */
  readonly bare: number;
  readonly p99Ms: number;
}

const ROUNDS = 3;

async function load(url: string, connections: number, seconds: number): Promise<{ rate: number; p99: number }> {
  const result = await autocannon({ url, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refusals, ${result.errors} errors`);
  return { rate: result.requests.total / result.duration, p99: result.latency.p99 };
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** Rates of GET and LIST of `server` against a bare server with the same bytes, in turns so that both meet the same machine. */
export async function throughput(
  server: Running,
  barePort: number,
  paths: readonly { what: string; path: string; connections: number }[],
): Promise<Throughput[]> {
  const results: Throughput[] = [];
  for (const { what, path, connections } of paths) {
    const body = await send(server.url + path);
    const bare = await start(['bench/bare-server.mjs', String(barePort), server.url + path], barePort, '/');
    const ours: { rate: number; p99: number }[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await load(server.url + path, connections, 2));
      theirs.push((await load(bare.url, connections, 2)).rate);
    }
    await bare.stop();
    results.push({
      what,
      bytes: body.length,
      ours: median(ours.map(o => o.rate)),
      bare: median(theirs),
      p99Ms: median(ours.map(o => o.p99)),
    });
  }
  return results;
}
