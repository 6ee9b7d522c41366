import { createSocket } from 'node:dgram';

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
