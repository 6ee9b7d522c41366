/**
 * The tabs of the playground. Each query runs as it is on the cluster that `npm start` serves; a tab is named after its
 * operation. `test/unit/graphql/examples.test.ts` keeps them right. Lines are short: the editor has half a screen.
 */
export const examples: readonly string[] = [
  `# Which daemon pod is on which node, and why?
# Run this with the triangle, or Ctrl+Enter.
#
# One row for every DaemonSet and every node; what
# needs looking at comes first. Nothing there yet?
#   kubectl apply -f examples/fluentd-elasticsearch.yaml
# The book on the left documents all types and fields.

query Placements {
  placements(first: 100) {
    totalCount
    nodes {
      daemonSet { name }
      node { name }
      wanted
      actual
      reason
      pod { name status }
      upToDate
      checks(verdict: [FAIL, KEEP_ONLY]) {
        stage
        name
        verdict
        message
      }
    }
  }
}
`,
  `# Every DaemonSet: its placements counted as they
# are now, and the revisions of its template.

query DaemonSets {
  daemonSets {
    nodes {
      namespace
      name
      images
      selector
      placementCounts {
        nodes
        wanted
        present
        ready
        upToDate
        pending
        missing
        extra
        failed
        notWanted
      }
      revisions { revision hash changeCause }
    }
  }
}
`,
  `# Every node: what keeps pods off it, how full
# it is, and what runs on it.

query Nodes {
  nodes {
    totalCount
    nodes {
      name
      roles
      zone
      ready
      unschedulable
      taints { text }
      allocatable { resource quantity }
      requested { resource quantity }
      pods { nodes { namespace name status } }
    }
  }
}
`,
  `# What needs looking at: pods, worst first, with what
# made them and what was told of them.

query Problems {
  pods(first: 20, orderBy: PROBLEMS_FIRST) {
    nodes {
      namespace
      name
      status
      owners { kind name }
      events(type: "Warning", first: 5) {
        nodes { reason message count }
      }
    }
  }
}
`,
  `# What would come of it? Made in a fork, carried to its
# end there; the cluster is not touched. Other changes:
# drain, cordon, label, setImage, addNodes, apply …

query WhatIf {
  whatIf(changes: [
    {taint: {
      node: "worker-1"
      taints: ["gpu=yes:NoExecute"]
    }}
  ]) {
    daemonSets(changed: true) {
      name
      before { wanted ready }
      after { wanted ready }
    }
    placements {
      nodes {
        difference
        daemonSet
        node
        before { actual }
        after { actual reason }
      }
    }
    pods {
      nodes {
        difference
        before { node pod { name } }
        after { node reason }
      }
    }
    waiting { nodes { pod { name } reason } }
    steps { nodes { number seconds text } }
    rest { atRest seconds }
  }
}
`,
  `# Scenarios side by side: a node less, or three more?

query Compare {
  compare(scenarios: [
    {name: "one node less", changes: [
      {removeNodes: {names: ["worker-1"]}}
    ]}
    {name: "three more", changes: [
      {addNodes: {like: "worker-1", count: 3}}
    ]}
  ]) {
    name
    outcome {
      daemonSets {
        name
        before { wanted ready }
        after { wanted ready }
      }
      waiting { totalCount }
      rest { atRest seconds }
    }
  }
}
`,
  `# What was written last, by whom, and what it changed.
# Every object has its own history, too.

query History {
  changes(first: 20) {
    totalCount
    nodes {
      revision
      time
      verb
      kind
      namespace
      name
      writer
      diff { path before after }
    }
  }
}
`,
  `# What is different from an earlier moment, and why: a
# revision, or a time such as "2026-11-24T10:00:00Z".
# Every field takes such a moment as "at".

query Before($then: Moment! = 50) {
  cluster(at: $then) { now podCount }
  placementDiff(from: $then) {
    placements(first: 20) {
      nodes {
        difference
        daemonSet
        node
        before { actual }
        after { actual reason }
        cause { revision verb kind name writer }
      }
    }
  }
}
`,
  `# Where could this pod go, and who would have to
# leave for it? Nothing is stored.

query WhereTo($manifest: String! = """
  apiVersion: v1
  kind: Pod
  metadata: {name: large}
  spec:
    containers:
    - name: main
      image: nginx
      resources: {requests: {cpu: "3"}}
""") {
  explainPod(manifest: $manifest) {
    fits
    message
    nodes {
      nodes {
        node { name }
        score
        scores { plugin score weight }
        checks(verdict: [FAIL]) { name message }
      }
    }
    preemption {
      nodes { node { name } victims { name } }
    }
  }
}
`,
  `# What would this taint do? dryRun says it and stores
# nothing; set it to false to do it, then look at the
# placements, and untaint.

mutation Taint(
  $node: String! = "worker-1"
  $taints: [String!]! = ["gpu=yes:NoExecute"]
  $dryRun: Boolean! = true
) {
  taint(node: $node, taints: $taints, dryRun: $dryRun) {
    changes {
      outcome
      message
      revision
      object { yaml }
    }
  }
}
`,
  `# Placements as they change. Run this, then cordon,
# taint or label a node, or delete a pod.

subscription Watch {
  placementChanged {
    revision
    daemonSet
    node
    before
    placement {
      actual
      reason
      upToDate
      pod { name status }
    }
  }
}
`,
  `# A rollout as it goes on. Run this, then change the
# image of the DaemonSet: the tab Apply does.

subscription Rollout($name: String! = "agent") {
  rollout(daemonSet: $name) {
    revision
    message
    done
    updated
    ready
    desired
    happened { what node upToDate pod { name } }
  }
}
`,
  `# Every version of any object: pods here. With since,
# it goes on from the revision of a message.

subscription Objects($kind: String! = "Pod") {
  objectChanged(kind: $kind) {
    revision
    type
    object { kind name yaml }
  }
}
`,
  `# What is told of the cluster, as it is told.

subscription Events($type: String) {
  events(type: $type) {
    revision
    event {
      type
      reason
      message
      aboutKind
      aboutName
    }
  }
}
`,
  `# The whole cluster as a map, and the rows that
# change: a cell a pod, R ready, M missing, P pending.
# The book on the left tells how to read it.

subscription Map {
  clusterMap {
    revision
    whole
    owners { kind namespace name }
    rows { name cells used node { ready } }
  }
}
`,
];

/** The same as GraphiQL takes them. */
/** The node of the examples. */
const EXAMPLE = 'worker-1';

/** The examples, about a node that there is. */
export const tabsFor = (nodes: readonly string[]) => {
  const node = nodes.includes(EXAMPLE) ? EXAMPLE : (nodes[0] ?? EXAMPLE);
  return examples.map(query => ({ query: query.replaceAll(`"${EXAMPLE}"`, JSON.stringify(node)) }));
};
