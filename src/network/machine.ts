import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';

/** The address of the machine itself that every system has. */
export const HOME = '127.0.0.1';
/** One that a machine has only if it has all of 127.0.0.0/8. */
const FAR = '127.255.255.254';

let whole: Promise<boolean> | undefined;

/** Whether everything in 127.0.0.0/8 is this machine, as on Linux; other systems have 127.0.0.1 alone. */
export function hasWholeLoopback(): Promise<boolean> {
  whole ??= new Promise(resolve => {
    const socket = createSocket('udp4');
    const tell = (answer: boolean) => {
      socket.close();
      resolve(answer);
    };
    socket.once('error', () => tell(false));
    socket.bind({ address: FAR, port: 0, exclusive: true }, () => tell(true));
  });
  return whole;
}

/** What of the files and sockets that the process may have open is left to others: connections, the API's first of all. */
const LEFT_TO_OTHERS = { share: 4, atLeast: 64, atMost: 1024 };

let most: number | undefined;

/** How many sockets may listen at once, all clusters of the process together; as many as one likes where the system does not say. */
export function mostListeners(): number {
  most ??= Math.max(0, openFilesAllowed() - leftToOthers(openFilesAllowed()));
  return most;
}

const leftToOthers = (allowed: number) =>
  Math.min(LEFT_TO_OTHERS.atMost, Math.max(LEFT_TO_OTHERS.atLeast, allowed / LEFT_TO_OTHERS.share));

function openFilesAllowed(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
