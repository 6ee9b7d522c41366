import { ApiException, type CoordinationV1Api, type V1Lease, V1MicroTime } from '@kubernetes/client-node';

const DURATION = 15;

/**
 * Leader election on a Lease, as client-go's `leaderelection` does it: whoever finds the lease free or run out writes itself into it,
 * and the server lets only one of several do so. `@kubernetes/client-node` has none of its own.
 */
export class Candidate {
  readonly #api: CoordinationV1Api;
  readonly #lease = { namespace: 'default', name: 'leader' };

  constructor(
    api: CoordinationV1Api,
    readonly identity: string,
  ) {
    this.#api = api;
  }

  /** Takes or renews the lease. @param now ms @returns whether this candidate leads */
  async campaign(now: number): Promise<boolean> {
    const time = new V1MicroTime(now);
    const found = await answer(this.#api.readNamespacedLease(this.#lease), 404);
    if (!found) {
      const spec = {
        holderIdentity: this.identity,
        leaseDurationSeconds: DURATION,
        acquireTime: time,
        renewTime: time,
      };
      const body = { metadata: { name: this.#lease.name }, spec };
      const created = await answer(this.#api.createNamespacedLease({ namespace: 'default', body }), 409);
      return created !== undefined;
    }
    return this.renew(found, now);
  }

  /** Writes itself into the lease as it was read, unless somebody else holds it. */
  async renew(lease: V1Lease, now: number): Promise<boolean> {
    const { spec = {} } = lease;
    const isMine = spec.holderIdentity === this.identity;
    // This client's type says otherwise, but times with microseconds come as text.
    const goodUntil = new Date(spec.renewTime ?? 0).getTime() + (spec.leaseDurationSeconds ?? 0) * 1000;
    if (!isMine && goodUntil > now) return false;
    const renewTime = new V1MicroTime(now);
    const taken = isMine
      ? {}
      : {
          holderIdentity: this.identity,
          acquireTime: renewTime,
          leaseTransitions: (spec.leaseTransitions ?? 0) + 1,
        };
    const body = { ...lease, spec: { ...spec, ...taken, renewTime } };
    return (await answer(this.#api.replaceNamespacedLease({ ...this.#lease, body }), 409)) !== undefined;
  }
}

/** What a request is answered; undefined if with the code that is one of the answers to expect. */
async function answer<T>(request: Promise<T>, expected: number): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiException && error.code === expected) return undefined;
    throw error;
  }
}
