import type { Volume } from '../types.js';
import type { ClaimSpec } from '../validation/claims.js';
import { claimSpecWarnings } from './volumes.js';

/** Kinds of volumes that are going or gone, and what they are called where that is not the name of the field. */
const REMOVED: readonly [source: string, why: string, name?: string][] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

interface Item {
  path?: string;
}

/** One source of a projected volume, or a volume of its own that is filled alike. */
interface Files {
  configMap?: { name?: string; items?: Item[] };
  secret?: { name?: string; secretName?: string; items?: Item[] };
  downwardAPI?: { items?: Item[] };
  serviceAccountToken?: Item;
  clusterTrustBundle?: { name?: string; signerName?: string; path?: string };
  podCertificate?: { certificateChainPath?: string; keyPath?: string; credentialBundlePath?: string };
}

interface File {
  readonly path: string;
  /** Where it comes from, in words; empty where the volume has but one source. */
  readonly source: string;
}

/** What is said of volumes of kinds that are no more, and of the claims that others bring with them. */
export function volumeWarnings(path: string, volumes: readonly Volume[] = []): string[] {
  return volumes.flatMap((volume, i) => {
    const ephemeral = volume.ephemeral as { volumeClaimTemplate?: { spec?: ClaimSpec } } | undefined;
    const claim = ephemeral?.volumeClaimTemplate?.spec;
    return [
      ...REMOVED.flatMap(([source, why, name = source]) => (volume[source] ? [`${path}[${i}].${name}: ${why}`] : [])),
      ...(claim ? claimSpecWarnings(`${path}[${i}].ephemeral.volumeClaimTemplate.spec`, claim) : []),
    ];
  });
}

/** Files that would stand at one path, or one at the path of a directory with others. */
export function overlapWarnings(volumes: readonly Volume[] = []): string[] {
  return volumes.flatMap(volume => {
    const { configMap, secret, downwardAPI } = volume as Files;
    const { sources = [] } = (volume.projected ?? {}) as { sources?: Files[] };
    const own = (files: readonly Item[] | undefined, what: string) => overlaps(volume, what, filesOf(files, ''));
    const isEmpty = (source: Files) => Object.values(source).every(value => value === undefined || value === null);
    return [
      ...own(configMap?.items, `ConfigMap ${JSON.stringify(configMap?.name ?? '')}`),
      ...own(secret?.items, `Secret ${JSON.stringify(secret?.secretName ?? '')}`),
      ...own(downwardAPI?.items, 'DownwardAPI'),
      ...sources.filter(isEmpty).map(() => `volume ${JSON.stringify(volume.name)} (Projected) has no sources provided`),
      ...overlaps(volume, 'Projected', sources.flatMap(projectedFiles)),
    ];
  });
}

const filesOf = (items: readonly Item[] | undefined, source: string): File[] =>
  (items ?? []).map(({ path = '' }) => ({ path: path.replace(/\/+$/, ''), source }));

function projectedFiles(source: Files): File[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  if (configMap?.items) return filesOf(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`);
  if (secret?.items) return filesOf(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return filesOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const { name, signerName = '' } = clusterTrustBundle;
    return filesOf([clusterTrustBundle], `ClusterTrustBundle ${JSON.stringify(name ?? signerName)}`);
  }
  const { certificateChainPath, keyPath, credentialBundlePath } = podCertificate ?? {};
  return [
    ...filesOf(certificateChainPath ? [{ path: certificateChainPath }] : [], 'PodCertificate chain'),
    ...filesOf(keyPath ? [{ path: keyPath }] : [], 'PodCertificate key'),
    ...filesOf(credentialBundlePath ? [{ path: credentialBundlePath }] : [], 'PodCertificate credential bundle'),
  ];
}

/** Each file with each one before it that is in its way. */
function overlaps({ name }: Volume, what: string, files: readonly File[]): string[] {
  return files.flatMap((file, i) =>
    files
      .slice(0, i)
      .filter(other => file.path && other.path && isInTheWay(file.path, other.path))
      .map(
        other => `volume ${JSON.stringify(name)} (${what}): overlapping paths: ${inWords(file)} with ${inWords(other)}`,
      ),
  );
}

const isInTheWay = (a: string, b: string) => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

const inWords = ({ path, source }: File) => (source ? `${JSON.stringify(path)} (${source})` : JSON.stringify(path));
