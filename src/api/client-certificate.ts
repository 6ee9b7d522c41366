import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AUTHENTICATED, CREDENTIAL_ID, type User } from '../access/user.js';
import { StatusError } from '../registry/status.js';

/** Every request of a connection comes from whom the handshake showed. */
const users = new WeakMap<Socket, User | null>();

/**
 * Whom the client's certificate names: CN is the user, each O a group, as upstream reads them. Undefined where none was shown.
 * @throws StatusError 401 for a certificate that the cluster's authority did not sign, or whose time is over
 */
export function certificateUser(socket: Socket): User | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const known = users.get(socket);
  if (known !== undefined) return known ?? undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  // An empty object stands for no certificate.
  if (!subject) {
    users.set(socket, null);
    return undefined;
  }
  const { CN: name, O: groups = [] } = subject as { CN?: string; O?: string | string[] };
  if (!socket.authorized || typeof name !== 'string') throw StatusError.unauthorized();
  const user: User = {
    name,
    groups: [...(typeof groups === 'string' ? [groups] : groups), AUTHENTICATED],
    extra: { [CREDENTIAL_ID]: [`X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`] },
  };
  users.set(socket, user);
  return user;
}
