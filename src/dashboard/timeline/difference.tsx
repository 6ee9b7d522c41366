import { DIFFERENCE, type DifferenceAnswer } from '../graph/timeline.js';
import { formatNumber, type TextKey, t } from '../i18n/index.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';

const DAEMONS = ['daemonCame', 'daemonWent', 'daemonReplaced', 'daemonChanged'] as const;
const PODS = ['podCame', 'podWent', 'podMoved', 'podChanged'] as const;

/** What happened to pods between two revisions, in words. */
export function Difference({ from, to }: { from: number; to: number }) {
  const moments = { from: String(from), to: String(to) };
  const { data, error } = useAsked<DifferenceAnswer>(world.value.graph, DIFFERENCE, moments, 0);
  if (error) return <span>{error.message}</span>;
  if (!data) return null;
  const { placementDiff } = data;
  const list = (keys: readonly (keyof typeof placementDiff)[]) =>
    keys
      .flatMap(key => {
        const { totalCount: count } = placementDiff[key];
        return count > 0 ? [t(`timeline.${key}` as TextKey, { count: formatNumber(count) })] : [];
      })
      .join(t('list.comma'));
  const [daemons, pods] = [list(DAEMONS), list(PODS)];
  const parts = [daemons && t('timeline.daemons', { list: daemons }), pods && t('timeline.pods', { list: pods })];
  return (
    <span>
      {t('timeline.between', moments)} {parts.filter(Boolean).join(' ') || t('timeline.nothing')}
    </span>
  );
}
