import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { newAuthority, newKeyPair } from '../../src/access/authority.js';

/** An answer: a body with its status code, or none at all. */
export interface WebhookAnswer {
  readonly code?: number;
  readonly type?: string;
  readonly body: string;
}

/** A webhook's server over HTTPS, with a certificate for these names. */
export class WebhookServer {
  /** The paths that were asked for, and the bodies that came, in order. */
  readonly calls: { readonly url: string; readonly body: unknown; readonly host: string | undefined }[] = [];

  private constructor(
    private readonly server: Server,
    /** Whose certificates a client has to trust: PEM in base64. */
    readonly caBundle: string,
  ) {}

  static async start(
    answer: (body: never, url: string) => WebhookAnswer | undefined,
    names: readonly string[] = ['localhost', '127.0.0.1'],
    days: readonly [from: number, to: number] = [-1, 1],
  ): Promise<WebhookServer> {
    const [notBefore, notAfter] = days.map(day => Date.now() + day * 24 * 3600_000) as [number, number];
    const authority = await newAuthority('webhook-ca', notBefore, notAfter);
    const pair = await newKeyPair(authority, {
      subject: 'CN=webhook',
      names,
      uses: ['server auth'],
      notBefore,
      notAfter,
    });
    const server = createServer({ key: pair.key, cert: pair.certificate }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as never;
        webhook.calls.push({ url: request.url!, body, host: request.headers.host });
        const found = answer(body, request.url!);
        if (!found) return; // never answers
        response.writeHead(found.code ?? 200, { 'Content-Type': found.type ?? 'application/json' }).end(found.body);
      });
    });
    const webhook = new WebhookServer(server, Buffer.from(authority.certificate).toString('base64'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return webhook;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<unknown> {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections();
    return closed;
  }
}

/** The answer to a review: what its `response` says besides the `uid`. */
export function answerTo(
  { apiVersion, request }: { apiVersion: string; request: { uid: string } },
  response: object,
): WebhookAnswer {
  const review = { apiVersion, kind: 'AdmissionReview', response: { uid: request.uid, ...response } };
  return { body: JSON.stringify(review) };
}
