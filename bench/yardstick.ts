import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import Database from 'better-sqlite3';
import { type Running, send, start } from './processes.js';

/**
 * Two jobs without a line of Kubette, as they were measured on the kind of machine that the real control plane's figures are
 * of: microseconds of CPU with which bare node:http answers a request with 4 KB, and rows a second that better-sqlite3 inserts
 * (3 KB each, 100 a transaction, two indexes, WAL).
 */
const RECORDED = { requestMicros: 25, rowsPerS: 49_000 };

export interface Yardstick {
  /** How many times as slow this machine is as the recorded one, by either job. */
  readonly byRequests: number;
  readonly byRows: number;
}

/** Measures this machine's speed, each job a few times, the best of which counts. `port`: a free one. */
export async function yardstick(port: number): Promise<Yardstick> {
  const server = await start(['bench/yardstick-server.mjs', String(port)], port, '/');
  const requestMicros = Math.min(...(await inTurn(4, () => measureRequests(server))));
  await server.stop();
  const rowsPerS = Math.max(...(await inTurn(4, measureRows)));
  return { byRequests: requestMicros / RECORDED.requestMicros, byRows: RECORDED.rowsPerS / rowsPerS };
}

async function inTurn(times: number, job: () => number | Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let i = 0; i < times; i++) results.push(await job());
  return results;
}

const REQUESTS = 20_000;

/** Of the server alone: it runs in a process of its own and tells what it took. */
async function measureRequests(server: Running): Promise<number> {
  const cpu = async () => Number(await send(`${server.url}/cpu`));
  const before = await cpu();
  await autocannon({ url: server.url, connections: 20, amount: REQUESTS });
  return ((await cpu()) - before) / REQUESTS;
}

const ROWS = 20_000;

function measureRows(): number {
  const folder = mkdtempSync(join(tmpdir(), 'kubette-yardstick-'));
  const database = new Database(join(folder, 'rows.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.exec(`CREATE TABLE rows (id INTEGER PRIMARY KEY, resource TEXT, namespace TEXT, name TEXT, revision INTEGER, object BLOB,
      UNIQUE (resource, namespace, name)); CREATE INDEX rows_by_revision ON rows (resource, revision)`);
    const insert = database.prepare(
      'INSERT INTO rows (resource, namespace, name, revision, object) VALUES (?, ?, ?, ?, ?)',
    );
    const object = Buffer.alloc(3072, 'x');
    const hundred = database.transaction((from: number) => {
      for (let i = from; i < from + 100; i++) insert.run('pods', 'default', `pod-${i}`, i, object);
    });
    const began = performance.now();
    for (let i = 0; i < ROWS; i += 100) hundred(i);
    return ROWS / ((performance.now() - began) / 1000);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
