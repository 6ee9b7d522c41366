import { ADDRESSES_PATH, type AddressInfo, type NetworkInfo } from '../admin/control.js';
import { formatTable } from '../words/table.js';
import { ask } from './http.js';
import { accessTo } from './kubeconfig.js';

/**
 * Prints what answers in a cluster, and where.
 * @throws Error if the server cannot be asked, refuses, or has no network
 */
export async function printAddresses({
  output,
  ...asked
}: {
  readonly port: number;
  readonly server?: string;
  readonly token?: string;
  readonly output: 'table' | 'json';
}): Promise<void> {
  const access = accessTo(asked);
  const { status, text } = await ask(access, ADDRESSES_PATH);
  if (status !== 200) throw new Error(`${access.server} answered ${status}: ${text.trim()}`);
  const { network, addresses } = JSON.parse(text) as NetworkInfo;
  if (output === 'json') process.stdout.write(text);
  else if (network === 'off')
    throw new Error('nothing answers there: start the cluster with --network loopback or ports');
  else
    process.stdout.write(
      formatTable([['ADDRESS', 'KIND', 'NAMESPACE', 'NAME', 'NODE', 'CAME'], ...addresses.map(row)]),
    );
}

function row({ address, port, protocol, at, kind, namespace, name, node, came }: AddressInfo): string[] {
  const told = `${address}:${port}`;
  const moved = at === told ? '' : ` (at ${at})`;
  return [`${told}/${protocol}${moved}`, kind, namespace, name, node ?? '', String(came)];
}
