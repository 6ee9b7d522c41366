// Runs in a thread of its own, see sqlite.ts. Plain JavaScript, so that it can be started from src/ and from dist/ alike.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const database = new Sqlite(workerData, { fileMustExist: true });

parentPort?.on('message', () => {
  try {
    // Takes over what it can without making anybody wait.
    database.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // Not this time: the WAL keeps all there is, and whoever writes to it checkpoints itself when it has grown large.
  }
  parentPort?.postMessage('done');
});
