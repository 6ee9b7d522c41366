import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newAuthority } from '../../../src/access/authority.js';
import { csrCleaner, signingController } from '../../../src/controllers/certificates/index.js';
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
} from '../../../src/resources/certificate-signing-request.js';
import { pkcs10 } from '../../support/certificate-request.js';
import { ModelCluster } from '../../support/model-cluster.js';

const HOUR = 3600_000;
const CLIENT = 'kubernetes.io/kube-apiserver-client';
const KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
const SERVING = 'kubernetes.io/kubelet-serving';
const NODE = 'CN=system:node:n,O=system:nodes';

let cluster: ModelCluster;
let authority: Awaited<ReturnType<typeof newAuthority>>;
beforeEach(async () => {
  authority = await newAuthority('test-ca', 0, Date.parse('2100-01-01T00:00:00Z'));
  cluster = await ModelCluster.start(context => signingController(context, authority), csrCleaner);
});
afterEach(() => cluster.close());

const get = () => cluster.registry.get(certificateSigningRequests, '', 'mine')?.object;
const user = { name: 'bob', groups: ['devs'], uid: '7', extra: { scope: ['a'] } };
const make = (spec: CertificateSigningRequest['spec']) =>
  cluster.registry.create(
    certificateSigningRequests,
    { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name: 'mine' }, spec },
    { user },
  );
async function decide(type: 'Approved' | 'Denied'): Promise<void> {
  const conditions = [{ type, status: 'True', reason: 'Test', message: '' } as const];
  await cluster.registry.update(
    certificateSigningRequests,
    { ...get()!, status: { conditions } },
    { subresource: 'approval' },
  );
  await cluster.settle();
}
const certificate = () => new X509Certificate(Buffer.from(get()!.status!.certificate!, 'base64'));
const conditions = () => get()!.status?.conditions?.map(c => c.type) ?? [];

describe('a request for a certificate', () => {
  it('says who made it, and stays as it is', async () => {
    await make({
      request: await pkcs10('CN=bob'),
      signerName: CLIENT,
      usages: ['client auth'],
      username: 'root',
      groups: ['x'],
    });
    expect(get()!.spec).toMatchObject({ username: 'bob', groups: ['devs'], uid: '7', extra: { scope: ['a'] } });
    await cluster.registry.update(certificateSigningRequests, {
      ...get()!,
      spec: { ...get()!.spec, username: 'root' },
    });
    expect(get()!.spec.username).toBe('bob');
  });

  it.each([
    [CLIENT, 'CN=bob,O=devs,O=system:masters', false],
    [CLIENT, 'CN=system:masters,O=devs', true],
    [SERVING, 'CN=bob,O=system:masters', true],
  ])('to %s by %s is let in: %j', async (signerName, name, isLetIn) => {
    const made = make({ request: await pkcs10(name), signerName, usages: ['client auth'] });
    if (isLetIn) await made;
    else
      await expect(made).rejects.toThrow(
        'certificatesigningrequests.certificates.k8s.io "mine" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
      );
  });

  it('is signed once it is approved, for as long as it asks', async () => {
    const usages = ['client auth', 'digital signature'];
    await make({ request: await pkcs10('CN=bob,O=devs'), signerName: CLIENT, usages, expirationSeconds: 3600 });
    await cluster.settle();
    expect(get()!.status?.certificate).toBeUndefined();
    await decide('Approved');
    expect(conditions()).toEqual(['Approved']);
    expect(certificate().subject.split('\n')).toEqual(['CN=bob', 'O=devs']);
    expect(certificate().verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate().keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(Date.parse(certificate().validTo)).toBe(Math.floor((cluster.clock.now() + HOUR) / 1000) * 1000);
    // Who signs does not undo what was approved.
    await expect(
      cluster.registry.update(certificateSigningRequests, { ...get()!, status: {} }, { subresource: 'approval' }),
    ).rejects.toThrow('may not remove a condition of type "Approved"');
  });

  describe('through its subresources', () => {
    const write = (subresource: 'approval' | 'status', status: CertificateSigningRequest['status']) =>
      cluster.registry.update(certificateSigningRequests, { ...get()!, status: status! }, { subresource });
    const condition = (type: string, status: 'True' | 'False' = 'True') => ({ type, status, reason: 'Test' });
    beforeEach(async () => {
      await make({ request: await pkcs10('CN=bob'), signerName: 'example.com/own', usages: ['client auth'] });
    });

    it('takes any condition with an approval, and no certificate', async () => {
      await write('approval', { conditions: [condition('Checked', 'False')], certificate: 'eA==' });
      await write('approval', { conditions: [...get()!.status!.conditions!, condition('Approved')] });
      expect(conditions()).toEqual(['Checked', 'Approved']);
      expect(get()!.status!.certificate).toBeUndefined();
    });

    it('takes a certificate with its status, once, and no approval', async () => {
      await write('status', { certificate: 'eA==', conditions: [condition('Checked', 'False')] });
      await expect(write('status', { certificate: 'eQ==' })).rejects.toThrow(
        'status.certificate: Forbidden: updates may not modify existing certificate content',
      );
      await expect(write('status', { certificate: 'eA==', conditions: [condition('Approved')] })).rejects.toThrow(
        'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
      );
    });

    it('keeps its approval as it is whatever a status says of it', async () => {
      await write('approval', { conditions: [condition('Approved')] });
      await write('status', { conditions: [{ ...condition('Approved'), reason: 'Other' }, condition('Failed')] });
      expect(get()!.status!.conditions).toMatchObject([{ type: 'Approved', reason: 'Test' }, { type: 'Failed' }]);
    });

    it.each<[string, { type: string; status: 'True' | 'False' }[], string]>([
      ['a denial that is none', [condition('Denied', 'False')], 'Unsupported value: "False": supported values: "True"'],
      [
        'the same twice',
        [condition('Checked'), condition('Checked')],
        'status.conditions[1].type: Duplicate value: "Checked"',
      ],
    ])('refuses %s', async (_, conditions, message) => {
      await expect(write('approval', { conditions })).rejects.toThrow(message);
    });
  });

  it('is not signed when it is denied', async () => {
    await make({ request: await pkcs10('CN=bob'), signerName: CLIENT, usages: ['client auth'] });
    await decide('Denied');
    expect(get()!.status).toMatchObject({ conditions: [{ type: 'Denied' }] });
    expect(get()!.status!.certificate).toBeUndefined();
    const both = [...get()!.status!.conditions!, { type: 'Approved', status: 'True' } as const];
    await expect(
      cluster.registry.update(
        certificateSigningRequests,
        { ...get()!, status: { conditions: both } },
        { subresource: 'approval' },
      ),
    ).rejects.toThrow('mutually exclusive');
  });

  it.each<[string, string, string[], string[], string | undefined]>([
    [KUBELET, NODE, [], ['client auth', 'digital signature'], undefined],
    [KUBELET, NODE, [], ['client auth'], 'usages did not match'],
    [KUBELET, NODE, ['n'], ['client auth', 'digital signature'], 'subject alternative names are not allowed'],
    [KUBELET, 'CN=bob,O=system:nodes', [], ['client auth', 'digital signature'], 'does not begin with system:node:'],
    [SERVING, NODE, ['n.example'], ['server auth', 'digital signature', 'key encipherment'], undefined],
    [SERVING, NODE, [], ['server auth', 'digital signature'], 'DNS or IP subjectAltName is required'],
    [
      SERVING,
      'CN=system:node:n',
      ['n'],
      ['server auth', 'digital signature'],
      'subject organization is not system:nodes',
    ],
    [CLIENT, 'CN=bob', [], ['client auth', 'server auth'], 'usages did not match'],
  ])('for %s by %s, names %j, usages %j: %s', async (signerName, name, dns, usages, problem) => {
    await make({ request: await pkcs10(name, dns), signerName, usages });
    await decide('Approved');
    if (problem === undefined) {
      expect(certificate().subject).toContain('CN=system:node:n');
      expect(certificate().subjectAltName).toBe(dns.length > 0 ? `DNS:${dns[0]}` : undefined);
    } else {
      expect(get()!.status!.certificate).toBeUndefined();
      const failed = get()!.status!.conditions!.find(c => c.type === 'Failed');
      expect(failed).toMatchObject({ reason: 'SignerValidationFailure', message: expect.stringContaining(problem) });
    }
  });

  it('for a signer elsewhere is left to it', async () => {
    await make({ request: await pkcs10('CN=bob'), signerName: 'example.com/mine', usages: ['client auth'] });
    await decide('Approved');
    expect([conditions(), get()!.status!.certificate]).toEqual([['Approved'], undefined]);
  });

  it('that cannot be read has failed', async () => {
    const request = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n');
    await make({ request: request.toString('base64'), signerName: CLIENT, usages: ['client auth'] });
    await decide('Approved');
    expect(conditions()).toEqual(['Approved', 'Failed']);
  });

  it.each<[string, CertificateSigningRequest['spec'], string]>([
    [
      'no request',
      { request: 'eA==' },
      'spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST',
    ],
    ['no usages', { usages: [] }, 'spec.usages: Required value'],
    ['a strange usage', { usages: ['dreaming'] }, 'spec.usages[0]: Unsupported value: "dreaming"'],
    ['no signer', { signerName: '' }, 'spec.signerName: Required value'],
    ['no domain of the signer', { signerName: 'mine' }, 'spec.signerName: Invalid value: "mine"'],
    ['too short a time', { expirationSeconds: 599 }, 'may not specify a duration less than 600 seconds'],
  ])('with %s is refused', async (_, spec, message) => {
    const request = await pkcs10('CN=bob');
    await expect(make({ request, signerName: CLIENT, usages: ['client auth'], ...spec })).rejects.toThrow(message);
  });

  it.each<[string, 'Approved' | 'Denied' | undefined, number]>([
    ['decided', 'Approved', HOUR],
    ['denied', 'Denied', HOUR],
    ['that nobody decided', undefined, 24 * HOUR],
  ])('%s goes after a while', async (_, decision, after) => {
    await make({ request: await pkcs10('CN=bob'), signerName: CLIENT, usages: ['client auth'] });
    if (decision) await decide(decision);
    await cluster.advance(after - 1000);
    expect(get()).toBeDefined();
    await cluster.advance(2000);
    expect(get()).toBeUndefined();
  });
});
