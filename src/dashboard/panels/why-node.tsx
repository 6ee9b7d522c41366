import type { NodeAnswer } from '../graph/detail.js';
import { t } from '../i18n/index.js';
import { Conditions, Fact, Facts, Gone, Heading, Placements, Pods } from './parts.js';
import { ageText, amountText } from './placement.js';

/** What is on a node, what is missing, and what keeps pods off it. */
export function WhyNode({ answer }: { answer: NodeAnswer }) {
  const node = answer.nodeByName;
  if (!node) return <Gone />;
  const wantedOrThere = node.placements.nodes.filter(({ actual }) => actual !== 'NOT_WANTED');
  const notWanted = node.placements.nodes.filter(({ actual }) => actual === 'NOT_WANTED');
  const others = node.pods.nodes.filter(pod => !pod.daemonSet);
  const labels = Object.entries(node.metadata.labelMap);
  return (
    <>
      <Capacity node={node} />
      {node.taints.length > 0 && (
        <section>
          <Heading text={t('detail.taints')} count={node.taints.length} />
          <ul class="tags">
            {node.taints.map(({ text }) => (
              <li key={text}>
                <code>{text}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <Heading text={t('detail.daemonPods')} count={wantedOrThere.length} />
        {wantedOrThere.length === 0 && <p class="quiet">{t('detail.none')}</p>}
        <Placements placements={wantedOrThere} by="daemonSet" />
      </section>
      {notWanted.length > 0 && (
        <details>
          <summary>{t('detail.notWantedHere', { count: notWanted.length })}</summary>
          <Placements placements={notWanted} by="daemonSet" />
        </details>
      )}
      {others.length > 0 && (
        <details>
          <summary>{t('detail.otherPods', { count: others.length })}</summary>
          <Pods pods={others} />
        </details>
      )}
      <section>
        <Heading text={t('detail.conditions')} />
        <Conditions conditions={node.conditions} />
      </section>
      <details>
        <summary>{t('detail.labels', { count: labels.length })}</summary>
        <ul class="tags">
          {labels.map(([key, value]) => (
            <li key={key}>
              <code>{value ? `${key}=${value}` : key}</code>
            </li>
          ))}
        </ul>
      </details>
      <Facts>
        <Fact name={t('detail.age')}>{ageText(node.metadata.ageSeconds)}</Fact>
        {node.zone && <Fact name={t('detail.zone')}>{node.zone}</Fact>}
        {node.kubeletVersion && <Fact name="kubelet">{node.kubeletVersion}</Fact>}
      </Facts>
    </>
  );
}

const RESOURCES = ['cpu', 'memory', 'pods'];

/** How much of a node is asked for by its pods. */
function Capacity({ node }: { node: NonNullable<NodeAnswer['nodeByName']> }) {
  const used = new Map(node.requested.map(({ resource, value }) => [resource, value]));
  used.set('pods', node.pods.totalCount);
  const shown = node.allocatable.filter(
    ({ resource, value }) => RESOURCES.includes(resource) || (value > 0 && used.has(resource)),
  );
  return (
    <section>
      <Heading text={t('detail.requested')} />
      <ul class="bars">
        {shown.map(({ resource, value }) => {
          const requested = used.get(resource) ?? 0;
          const share = value > 0 ? requested / value : 0;
          return (
            <li key={resource}>
              <span>{resource}</span>
              <meter
                class={share > 0.9 ? 'full' : undefined}
                min={0}
                max={1}
                value={Math.min(1, share)}
                aria-label={resource}
              />
              <span class="numbers">
                {t('detail.of', { part: amountText(resource, requested), whole: amountText(resource, value) })}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
