import { formatNumber, plural, type TextKey, t } from '../i18n/index.js';
import { isOutdated, isTrouble, ownerOf, STATES, stateOf } from './cells.js';
import type { Group } from './groups.js';
import type { Picture, Row, Tally } from './picture.js';

/** `missing`, `3 missing`: what a state is called. */
export const stateText = (state: number): string => t(`state.${STATES[state]!.name}` as TextKey);

/** The state of a cell in words: `ready, of an older template`. */
export function stateWords(cell: number): string {
  const text = stateText(stateOf(cell));
  return isOutdated(cell) ? `${text}, ${t('state.outdated')}` : text;
}

/** A cell in words: `kube-proxy: ready, of an older template`. */
export function cellText(picture: Picture, cell: number): string {
  const { kind, namespace, name, daemon } = picture.owners[ownerOf(cell)]!;
  return `${daemon ? '' : `${kind} `}${namespace}/${name}: ${stateWords(cell)}`;
}

/** A label without its prefix, where that says nothing new: `topology.kubernetes.io/zone` is the zone. */
export const shortLabel = (label: string): string => label.slice(label.lastIndexOf('/') + 1);

/** What there is to tell of a node besides its pods: its condition, that it is cordoned, its taints. */
export function remarkOf({ facts }: Row): string {
  const parts: string[] = [];
  if (!facts.ready) parts.push(t('node.notReady'));
  for (const { type, status } of facts.conditions) {
    if (type !== 'Ready' && status === 'True') parts.push(type);
  }
  if (facts.unschedulable) parts.push(t('node.cordoned'));
  for (const { text } of facts.taints) if (!IMPLIED.test(text)) parts.push(shortLabel(text));
  return parts.join(' · ');
}

/** Taints that only repeat what conditions and the cordon tell. */
const IMPLIED =
  /^node\.kubernetes\.io\/(unschedulable|not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure)\b/;

/** A node in words, for who cannot see the map. */
export function rowText(picture: Picture, row: Row): string {
  const remark = remarkOf(row);
  const counts = STATES.map((_, state) => row.cells.reduce((sum, cell) => sum + Number(stateOf(cell) === state), 0));
  const pods = STATES.flatMap((_, state) => (counts[state] ? [`${counts[state]} ${stateText(state)}`] : []));
  const troubles = [...row.cells].filter(c => isTrouble(stateOf(c)) && picture.owners[ownerOf(c)]!.daemon);
  return [row.name, remark, pods.join(', '), ...troubles.map(c => cellText(picture, c))].filter(Boolean).join('. ');
}

/** What the line above a group of nodes says. */
export function groupText(group: Group) {
  const troubles = group.rows.reduce((sum, row) => sum + row.troubles, 0);
  return {
    title: group.isNew ? t('map.new') : (group.value ?? t('map.noLabel', { label: shortLabel(group.label) })),
    counts: plural('count.nodes', group.rows.length),
    troubles: troubles > 0 ? t('map.troubles', { count: formatNumber(troubles) }) : '',
  };
}

/** What of a tally is to be seen first: `3 missing, 1 pending`; all well if nothing. */
export function tallyText({ states }: Tally): string {
  const parts = STATES.flatMap(({ name }, state) =>
    states[state] && name !== 'ready' ? [`${formatNumber(states[state])} ${stateText(state)}`] : [],
  );
  return parts.join(', ');
}

/** What the pods of a node request of what it has. */
export function usedText({ facts, used: [cpu = 0, memory = 0, pods = 0] }: Row): string {
  const has = (name: string) => facts.allocatable.find(({ resource }) => resource === name)?.value ?? 0;
  return t('node.used', {
    cpu: formatNumber(Math.round(cpu * 100) / 100),
    cpus: formatNumber(has('cpu')),
    memory: formatBytes(memory),
    memories: formatBytes(has('memory')),
    pods: formatNumber(pods),
    most: formatNumber(has('pods')),
  });
}

/** Bytes as people say them: `1.5 GiB`. */
function formatBytes(bytes: number): string {
  const power = bytes > 0 ? Math.min(4, Math.floor(Math.log2(bytes) / 10)) : 0;
  return `${formatNumber(Math.round((bytes / 1024 ** power) * 10) / 10)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
