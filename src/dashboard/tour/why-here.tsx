import { PAIR, type PairAnswer } from '../graph/detail.js';
import { t } from '../i18n/index.js';
import { sayInFull } from '../i18n/sentences.js';
import { useAsked } from '../model/asked.js';
import type { Owner } from '../model/picture.js';
import type { World } from '../model/world.js';
import { Asked, Chip } from '../panels/parts.js';
import { useStamp } from '../panels/stamp.js';
import { CheckList } from '../panels/why-pair.js';

/** Why a pod is, or is not, on a node of the tour. */
export function WhyHere({
  world,
  node,
  daemonSet: { namespace, name },
  onClose,
}: {
  world: World;
  node: string;
  daemonSet: Owner;
  onClose: () => void;
}) {
  const stamp = useStamp(world, { kind: 'pair', namespace, name, node });
  const answer = useAsked<PairAnswer>(world.graph, PAIR, { namespace, name, node }, stamp);
  return (
    <div
      class="why-here"
      aria-live="polite"
      onKeyDown={event => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header>
        <strong>
          {name} {t('detail.on')} {node}
        </strong>
        <button type="button" class="close" aria-label={t('detail.close')} onClick={onClose}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4 12 12M12 4 4 12" />
          </svg>
        </button>
      </header>
      <Asked answer={answer}>
        {({ explain }) => (
          <>
            <p>
              <Chip placement={explain} /> {sayInFull(explain.why)}
            </p>
            <CheckList checks={explain.checks} />
          </>
        )}
      </Asked>
    </div>
  );
}
