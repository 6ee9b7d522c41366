import { PodExplanation as Explanation } from '../../explain/pod-explanation.js';
import { decodeObject } from '../../registry/decode.js';
import { parseManifests } from '../../registry/manifests.js';
import { StatusError } from '../../registry/status.js';
import { nodes, pods } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { badInput } from '../errors.js';
import type {
  NodeFitResolvers,
  PodExplanationResolvers,
  PreemptionCandidateResolvers,
  QueryExplainPodArgs,
} from '../generated.js';
import type { SeenExplanation, SeenNode, View } from '../view.js';
import { ranked } from './pages.js';

/** The fields of type PodExplanation. */
export const PodExplanation: PodExplanationResolvers = {
  pod: ({ pod }) => pod,
  fits: ({ explanation }) => explanation.nodes.filter(({ fits }) => fits).length,
  nodeCount: ({ explanation }) => explanation.nodes.length,
  message: ({ explanation }) => explanation.message || null,
  nodes: ({ view, explanation }, { fits, ...page }) =>
    ranked(
      view,
      explanation.nodes.filter(fit => fits == null || fit.fits === fits),
      page,
      fit => ({ node: nodeOf(view, fit.node), fit }),
    ),
  preemption: ({ view, explanation }, page) =>
    ranked(view, explanation.candidates, page, candidate => ({ node: nodeOf(view, candidate.node), candidate })),
};

const nodeOf = (view: View, name: string): SeenNode => view.see(view.registry.get(nodes, '', name)!);

/** The fields of type NodeFit. */
export const NodeFit: NodeFitResolvers = {
  node: ({ node }) => node,
  fits: ({ fit }) => fit.fits,
  score: ({ fit }) => fit.score,
  scores: ({ fit }) => fit.scores,
  checks: ({ fit: { checks } }, { verdict }) =>
    verdict == null ? checks : checks.filter(check => verdict.includes(check.verdict)),
};

/** The fields of type PreemptionCandidate. */
export const PreemptionCandidate: PreemptionCandidateResolvers = {
  node: ({ node }) => node,
  victims: ({ node: { view }, candidate: { victims } }) =>
    victims.flatMap(({ metadata: { namespace = '', name } }) => view.get(pods, namespace, name) ?? []),
  violations: ({ candidate }) => candidate.violations,
};

/**
 * Where a pod can go.
 * @throws StatusError 400, 403, 404, 422; GraphQLError if it is not said which pod
 */
export async function explainPod(
  view: View,
  args: QueryExplainPodArgs & { namespace: string },
): Promise<SeenExplanation> {
  const { namespace, name, manifest } = args;
  if ((name == null) === (manifest == null)) throw badInput('either name or manifest must be given');
  view.checkList(pods);
  view.checkList(nodes);
  if (manifest != null) {
    const { object } = await wouldBe(view, namespace, manifest);
    return { view, pod: undefined, explanation: new Explanation(view.registry, object) };
  }
  const pod = view.get(pods, namespace, name!);
  if (!pod) throw StatusError.notFound(pods, name!);
  return { view, pod, explanation: new Explanation(view.registry, unbound(pod.entry.object)) };
}

/** A pod as the scheduler saw it: bound to no node yet. */
function unbound({ spec: { nodeName: _, ...spec }, ...pod }: Pod): Pod {
  return { ...pod, spec };
}

/** A pod as it would be if it were created now. Its name is made up, lest one of that name be there. */
async function wouldBe(view: View, namespace: string, manifest: string): Promise<Entry<Pod>> {
  const { object } = decodeObject<Pod>(parsed(manifest), pods, { fieldValidation: 'Strict' });
  const { name = 'pod', ...metadata } = object.metadata ?? {};
  const draft = { ...object, metadata: { ...metadata, generateName: `${name}-` }, status: {} };
  const where = object.metadata?.namespace ?? namespace;
  view.checkCreate(pods, where);
  const { user } = view;
  return view.registry.create(pods, draft, {
    namespace: where,
    dryRun: true,
    fieldManager: 'graphql',
    ...(user ? { user } : {}),
  });
}

function parsed(manifest: string): object {
  const [object, ...more] = parseManifests(manifest);
  if (!object || more.length > 0) throw badInput('the manifest must be of one pod');
  return object;
}
