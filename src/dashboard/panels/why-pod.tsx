import type { Graph, Variables } from '../graph/client.js';
import { POD_FIT, type PodAnswer, type PodFitAnswer } from '../graph/detail.js';
import { formatNumber, t } from '../i18n/index.js';
import { say } from '../i18n/sentences.js';
import { useAsked } from '../model/asked.js';
import { world } from '../model/cluster.js';
import { Asked, Conditions, Fact, Facts, Gone, Heading, Pods, select } from './parts.js';
import { ageText } from './placement.js';

/** How a pod stands; of one that waits for a node, why. */
export function WhyPod({ answer, graph, variables }: { answer: PodAnswer; graph: Graph; variables: Variables }) {
  const { pod } = answer;
  if (!pod) return <Gone />;
  const { daemonSet, nodeName } = pod;
  return (
    <>
      {daemonSet && nodeName && (
        <button type="button" class="lead" onClick={() => select({ kind: 'pair', ...daemonSet, node: nodeName })}>
          {t('detail.whyHere')}
        </button>
      )}
      <Facts>
        <Fact name={t('detail.status')}>
          <span class={`chip ${pod.ready ? 'ready' : 'unready'}`}>{pod.status}</span>
        </Fact>
        <Fact name={t('detail.node')}>
          {nodeName ? (
            <button type="button" class="link" onClick={() => select({ kind: 'node', node: nodeName })}>
              {nodeName}
            </button>
          ) : (
            t('detail.unbound')
          )}
        </Fact>
        {pod.owners.length > 0 && (
          <Fact name={t('detail.ownedBy')}>
            {pod.owners.map(({ kind, name, metadata }) => (
              <button
                type="button"
                class="link"
                key={kind}
                onClick={() => selectObject(kind, metadata.namespace ?? '', name)}
              >
                {kind} {name}
              </button>
            ))}
          </Fact>
        )}
        <Fact name={t('detail.requests')}>
          {pod.requests.map(r => `${r.resource} ${r.quantity}`).join(', ') || '–'}
        </Fact>
        <Fact name={t('detail.restarts')}>{formatNumber(pod.restartCount)}</Fact>
        <Fact name={t('detail.priority')}>{formatNumber(pod.priority)}</Fact>
        {pod.podIP && <Fact name="IP">{pod.podIP}</Fact>}
        <Fact name={t('detail.age')}>{ageText(pod.metadata.ageSeconds)}</Fact>
      </Facts>
      {!nodeName && pod.phase === 'PENDING' && <WhereItFits graph={graph} variables={variables} />}
      <section>
        <Heading text={t('detail.conditions')} />
        <Conditions conditions={pod.conditions} />
      </section>
    </>
  );
}

/** Leads to an object in the way that there is most to tell of it. */
const selectObject = (kind: string, namespace: string, name: string) =>
  select(
    kind === 'DaemonSet'
      ? { kind: 'daemonSet', namespace, name }
      : kind === 'Node'
        ? { kind: 'node', node: name }
        : { kind: 'object', type: kind, namespace, name },
  );

/** What each node has against a pod, and who would have to go. */
function WhereItFits({ graph, variables }: { graph: Graph; variables: Variables }) {
  // Whatever happens elsewhere may make room.
  const stamp = world.value.look().version;
  const answer = useAsked<PodFitAnswer>(graph, POD_FIT, variables, stamp);
  return (
    <Asked answer={answer}>
      {({ explainPod: { fits, nodeCount, message, nodes, preemption } }) => (
        <>
          <section>
            <Heading text={t('detail.fits', { count: formatNumber(fits), of: formatNumber(nodeCount) })} />
            {message && <p class="verdict pending">{message}</p>}
            <ul class="rows checks">
              {nodes.nodes.map(({ node, fits, checks }) => (
                <li key={node.name} class={fits ? 'entry pass' : 'entry fail'}>
                  <span class="sign" aria-hidden="true" />
                  <button type="button" class="link what" onClick={() => select({ kind: 'node', node: node.name })}>
                    {node.name}
                  </button>
                  <span class="reason">{say(checks.flatMap(({ sentences }) => sentences))}</span>
                </li>
              ))}
            </ul>
          </section>
          {preemption.nodes.map(({ node, victims }) => (
            <section key={node.name}>
              <Heading text={t('detail.victims', { node: node.name })} count={victims.length} />
              <Pods pods={victims} />
            </section>
          ))}
        </>
      )}
    </Asked>
  );
}
