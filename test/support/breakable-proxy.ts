import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, and that keeps what came along it. */
export interface BreakableProxy {
  readonly url: string;
  /** All that the server has sent so far. */
  sent(): string;
  /** Where connections lead from now on. */
  lead(port: number): void;
  /** Cuts every connection, and lets none through until `meanwhile` is done. */
  cut(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** @param port of the server on this machine */
export async function breakableProxy(port: number): Promise<BreakableProxy> {
  let target = port;
  let open: Promise<void> = Promise.resolve();
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer({ pauseOnConnect: true }, client => {
    track(client);
    void open.then(() => {
      if (client.destroyed) return;
      const upstream = connect(target, '127.0.0.1');
      track(upstream);
      upstream.on('data', chunk => sent.push(chunk)).on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
      client.pipe(upstream).pipe(client);
    });
  });
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(sent).toString(),
    lead(to) {
      target = to;
    },
    async cut(meanwhile) {
      cutAll();
      const done = meanwhile();
      open = done.catch(() => {});
      await done;
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve));
      cutAll();
      await closed;
    },
  };
}
