import { quoted } from '../changes/kubectl.js';
import { DAEMON_SET, NODE, PAIR, POD_FACTS, YAML } from '../graph/detail.js';
import type { Selection } from '../model/place-url.js';

/** An object, by what names it. */
export interface ObjectName {
  readonly kind: string;
  /** Empty for nodes and other kinds of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** How else one gets to know what the panel tells. */
interface Questions {
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly kubectl: readonly string[];
}

/**
 * The question behind what the panel shows, in GraphQL and in kubectl's words.
 * @param object the object that a pair comes down to: its pod, or the DaemonSet where there is none
 */
export function askFor(selection: Selection, { kind, namespace, name }: ObjectName, at: string | undefined): Questions {
  const moment: Record<string, string> = at === undefined ? {} : { at };
  const within = namespace ? ` -n ${quoted(namespace)}` : '';
  const ofObject = [
    `kubectl get ${kind.toLowerCase()} ${quoted(name)}${within} -o yaml`,
    `kubectl describe ${kind.toLowerCase()} ${quoted(name)}${within}`,
    `kubectl get events${within || ' -A'} --field-selector involvedObject.name=${quoted(name)}`,
  ];
  switch (selection.kind) {
    case 'node': {
      const onNode = `kubectl get pods -A -o wide --field-selector spec.nodeName=${quoted(selection.node)}`;
      return { query: NODE, variables: { name: selection.node, ...moment }, kubectl: [...ofObject, onNode] };
    }
    case 'daemonSet': {
      const { namespace, name } = selection;
      const history = `kubectl rollout history daemonset/${quoted(name)} -n ${quoted(namespace)}`;
      return { query: DAEMON_SET, variables: { namespace, name, ...moment }, kubectl: [...ofObject, history] };
    }
    case 'pair': {
      const { namespace, name, node } = selection;
      const pods = `kubectl get pods -n ${quoted(namespace)} -o wide --field-selector spec.nodeName=${quoted(node)}`;
      const taints = `kubectl get node ${quoted(node)} -o jsonpath='{.spec.taints}'`;
      return { query: PAIR, variables: { namespace, name, node, ...moment }, kubectl: [pods, taints, ...ofObject] };
    }
    case 'object':
      return kind === 'Pod'
        ? { query: POD_FACTS, variables: { namespace, name, ...moment }, kubectl: ofObject }
        : { query: YAML, variables: { kind, namespace, name, ...moment }, kubectl: ofObject };
  }
}
