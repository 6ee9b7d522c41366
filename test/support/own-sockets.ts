import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process has to do with others by: kept by the system (Linux), and told by it rather than by who opened it. */
export interface OwnSocket {
  readonly protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6';
  /** In dotted form; of IPv6, as hexadecimal digits. */
  readonly address: string;
  readonly port: number;
  /** Whether others may come to it: it listens, or is a socket for datagrams. */
  readonly isOpen: boolean;
}

const TCP_LISTEN = '0A';

/** All sockets of this process. */
export function ownSockets(): OwnSocket[] {
  const inodes = new Set(
    readdirSync('/proc/self/fd').flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // Closed meanwhile: the one that the folder was read by.
      }
    }),
  );
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap(protocol =>
    readFileSync(`/proc/self/net/${protocol}`, 'latin1')
      .trimEnd()
      .split('\n')
      .slice(1)
      .flatMap(line => {
        const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
        if (!inodes.has(inode)) return [];
        const [address = '', port = ''] = local.split(':');
        const isOpen = protocol.startsWith('udp') || state === TCP_LISTEN;
        return {
          protocol,
          address: protocol.endsWith('6') ? address : dotted(address),
          port: parseInt(port, 16),
          isOpen,
        };
      }),
  );
}

/** Four bytes as the machine has them, the last first. */
const dotted = (hex: string) => [6, 4, 2, 0].map(at => String(parseInt(hex.slice(at, at + 2), 16))).join('.');
