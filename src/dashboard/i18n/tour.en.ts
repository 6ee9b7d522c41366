import type { TourTexts } from './tour-texts.js';

/** The chapters of the tour, step by step as `tour/chapters.ts` has them. */
export const tour: TourTexts = {
  chapters: [
    {
      title: 'What a DaemonSet is',
      intro:
        'Some programs belong on every machine: one collects logs, one measures, one connects the network. A DaemonSet says “one pod of this on each node”, and keeps it so. Here are four empty nodes; each box is one.',
      steps: [
        {
          title: 'Make a DaemonSet',
          before:
            'A DaemonSet is a template for pods, and no number: how many there are follows from the nodes. This one is called agent.',
          after:
            'Each node has its agent. Nobody said “four”: the DaemonSet controller looked at the nodes and made a pod for each of them.',
        },
        {
          title: 'Take a pod away',
          before: 'Delete the pod on tour-2, and watch that box.',
          after:
            'The pod went, and another one came in its place. What is wanted is compared with what is there, again and again; that is all there is to it.',
        },
        {
          title: 'Add a machine',
          before: 'A fifth node joins the cluster. Nobody tells the DaemonSet.',
          after: 'It has its agent already. This is why one uses a DaemonSet and not a Deployment of four.',
        },
        {
          title: 'Take the machine away',
          before: 'The node is deleted, and with it all that ran there.',
          after: 'Its pod is gone too, and is not made elsewhere: it was wanted there and nowhere else.',
        },
        {
          title: 'Delete the DaemonSet',
          before: 'The pods belong to the DaemonSet: their metadata names it as their owner.',
          after:
            'With the owner, what it owns is collected. (kubectl delete --cascade=orphan would have left the pods.)',
        },
      ],
      end: 'A DaemonSet wants one pod on each node, and makes and removes pods until it is so.',
    },
    {
      title: 'Where its pods go',
      intro:
        'Not every agent belongs on every node. Labels on nodes say what they are; the template says which it wants. Here tour-1 and tour-2 have disk=ssd, tour-3 has disk=hdd, and tour-4 says nothing.',
      steps: [
        {
          title: 'Choose nodes by a label',
          before: 'nodeSelector names labels that a node must have, all of them.',
          after: 'Two nodes have disk=ssd, and two pods are there. On the others none is wanted, so none is missing.',
        },
        {
          title: 'Label a node',
          before: 'Give tour-4 the label, too.',
          after: 'The node fits now, and has its pod. One rolls out an agent node by node in this way.',
        },
        {
          title: 'Take the label away',
          before: 'tour-1 turns out to have slow disks. Its label changes.',
          after:
            'The pod was removed: the DaemonSet controller, unlike the scheduler, looks at nodes again after the pods are placed.',
        },
        {
          title: 'Say it with an affinity',
          before:
            'nodeSelector knows only “equals”. A required node affinity can say In, NotIn, Exists and more. This one takes ssd or hdd.',
          after:
            'All four have a disk by now, and all four have a pod. The template changed, so the old pods were replaced as well.',
        },
      ],
      end: 'Labels say what a node is; selector and affinity say where a pod belongs. A DaemonSet follows when either changes.',
    },
    {
      title: 'Taints and tolerations',
      intro:
        'A selector is how pods choose nodes. A taint is how a node keeps pods away, and a toleration is how a pod comes all the same. Each node has its agent here.',
      steps: [
        {
          title: 'Taint a node: NoSchedule',
          before: 'tour-1 is to be kept for work that needs a GPU.',
          after:
            'The pod stays, and is marked: none would be put there now, but NoSchedule drives nobody away. kubectl counts it as misscheduled.',
        },
        {
          title: 'Delete that pod',
          before: 'What happens when the pod on tour-1 goes for any reason?',
          after: 'No other one comes: the taint is not tolerated. The node wants no agent any more.',
        },
        {
          title: 'Taint a node: NoExecute',
          before: 'tour-2 is to be repaired, and everything shall leave it.',
          after: 'NoExecute drives out who is there already. The pod has gone.',
        },
        {
          title: 'Tolerate the taint',
          before: 'The agent shall run on GPU nodes too, so its template tolerates the key gpu.',
          after: 'tour-1 has its agent again. tour-2 has none: its taint has another key.',
        },
        {
          title: 'Cordon a node',
          before:
            'A cordon is a taint, too: node.kubernetes.io/unschedulable. Cordon tour-3 and delete its agent. Does another one come?',
          after:
            'It does. Daemon pods get tolerations by themselves, for cordons, pressure on memory and disks, and nodes that are not ready: agents are needed there most.',
        },
      ],
      end: 'NoSchedule keeps new pods away, NoExecute drives out the others, and tolerations are exceptions, some of which every daemon pod has by itself.',
    },
    {
      title: 'Two ages of scheduling',
      intro:
        'Until Kubernetes 1.11 the DaemonSet controller put its pods on nodes itself. Since 1.12 the scheduler does it, as for all other pods. Below are two clusters, one of each age; everything is done in both. tour-3 is nearly full of a pod called batch that matters little.',
      steps: [
        {
          title: 'A node is full',
          before: 'The agent asks for one core and has a higher priority than batch. Watch tour-3 in both ages.',
          after:
            'In 1.11 the pod is missing: the controller saw no room and made none, whatever the priorities. Today the pod is made and waits, and the scheduler makes batch leave for it.',
        },
        {
          title: 'What binds a pod to its node',
          before: 'Both have an agent on tour-1. Look at what their specs say.',
          after:
            'In 1.11 nodeName was there from the start, and no scheduler saw the pod. Today the pod is made for a node by an affinity to that node’s name, and the default scheduler binds it.',
        },
        {
          title: 'Make room',
          before: 'In the older cluster batch is deleted by hand.',
          after: 'The controller of 1.11 saw that room had come, and made the pod. Now both look the same.',
        },
        {
          title: 'Update with surge',
          before: 'A new image, with maxSurge 1 and maxUnavailable 0: new pods come before old ones go.',
          after:
            'Today two agents stood on a node for a moment. The age before knows no surge: there the old pod went first, one node at a time.',
        },
        {
          title: 'A port is taken',
          before:
            'A pod called web, as important as the agent, takes port 9000 of tour-4, and the agent wants that port on every node.',
          after:
            'In 1.11 the node is not wanted at all, and the agent that ran there was driven away. Today one is wanted, is made, and waits for the port; you can see that it waits.',
        },
      ],
      end: 'The scheduler brought priorities, preemption and one set of rules for all pods. What the older age decided silently, is a pending pod with a reason today.',
    },
    {
      title: 'When there is no room',
      intro:
        'Pods request CPU and memory, and a node has only so much. Each node has four cores here; on tour-2 a pod called batch requests three and a half.',
      steps: [
        {
          title: 'Ask for a core on each node',
          before: 'The agent requests one core. On tour-2 half a core is left.',
          after:
            'Three run. On tour-2 the pod is pending: it is wanted there, made for that node and no other, and waits. Click on it to see who says so.',
        },
        {
          title: 'Matter more',
          before: 'The template gets a PriorityClass that is higher than batch’s, which has none.',
          after:
            'The scheduler made batch leave: that is preemption. Agents that a node cannot do without should have a priority.',
        },
        {
          title: 'Ask for too much',
          before: 'Five cores, on nodes that have four. No priority helps.',
          after:
            'One pod was replaced and waits, and the update stops there: maxUnavailable is one, so the other three keep their old pods. A mistake costs one node.',
        },
        {
          title: 'Go back',
          before: 'Each version of the template is kept as a ControllerRevision. Undo takes the last one.',
          after: 'The pod that could not run was replaced first, and all nodes have their agent again.',
        },
      ],
      end: 'A daemon pod without room waits on its own node. Priority can make room; maxUnavailable keeps a mistake small.',
    },
    {
      title: 'Nodes come, go and fail',
      intro: 'Machines are added, emptied, break down and are replaced. What becomes of daemon pods meanwhile?',
      steps: [
        {
          title: 'A node joins',
          before: 'A new machine registers itself. Until it is ready it bears a taint, which daemon pods tolerate.',
          after:
            'The agent was among the first pods on it. It has to be: the network itself often comes as a DaemonSet.',
        },
        {
          title: 'Drain a node',
          before: 'Before work on a machine one empties it: it is cordoned, and its pods are evicted.',
          after:
            'The agent is still there. Draining passes over daemon pods, since their controller would make them anew at once.',
        },
        {
          title: 'A node fails',
          before: 'The kubelet of tour-2 stops, as if somebody had pulled the plug. The clock runs faster meanwhile.',
          after:
            'After forty seconds without a sign of life the node is not ready, and is tainted with NoExecute. Other pods leave after five minutes; daemon pods bear that taint for ever, and wait for their node. (The mark says that no new one would be put there now.)',
        },
        {
          title: 'It comes back',
          before: 'The machine is switched on again.',
          after: 'The taint is gone and the pod is ready, without anybody having made a new one.',
        },
        {
          title: 'A node leaves for good',
          before: 'tour-5 is deleted from the cluster.',
          after: 'Its pod is cleaned up, and the DaemonSet wants one less.',
        },
      ],
      end: 'Daemon pods come first and go last: they bear what drives other pods away, and live as long as their node.',
    },
    {
      title: 'Update and rollback',
      intro:
        'A new template makes a new revision. The update strategy says how it reaches the nodes. Pods of an older template are paler and have a dark corner.',
      steps: [
        {
          title: 'A rolling update',
          before: 'A new image. maxUnavailable is 1, as it is unless told otherwise.',
          after:
            'One node after the other: the old pod went, and the next node’s turn came once the new one was ready.',
        },
        {
          title: 'Two at a time',
          before: 'With maxUnavailable 2 it is quicker, and two nodes are without an agent at once.',
          after: 'Twice as quick. It may also be a percentage: 10% of 5,000 nodes are 500.',
        },
        {
          title: 'Without a gap',
          before: 'maxSurge 1: the new pod comes first, beside the old one. For agents that no node may be without.',
          after: 'For a moment a node had two. This does not go together with host ports: both would want the same.',
        },
        {
          title: 'OnDelete: you decide',
          before: 'With OnDelete a new template changes nothing, until somebody deletes a pod.',
          after: 'All four are of the older template, and stay so. Nothing is going on: it is for you to decide.',
        },
        {
          title: 'Renew one node',
          before: 'Delete the pod on tour-1.',
          after: 'The new one is of the newest template. One can try a version on a single node in this way.',
        },
        {
          title: 'A version that does not start',
          before: 'RollingUpdate again, and an image that does not exist.',
          after:
            'The first pod cannot start, and the update stands still; the other nodes keep what worked. kubectl rollout status would wait now.',
        },
        {
          title: 'Roll back',
          before: 'Undo brings the template of the revision before.',
          after:
            'All are well again. The rollback is a rollout, too: the old template has a new revision number, the highest.',
        },
      ],
      end: 'Revisions keep every template; the strategy decides how fast, with what gap, and whether by itself.',
    },
    {
      title: 'Ways to reach a daemon',
      intro:
        'An agent on every node is there to be talked to. There are four ways, and all of them are tried here with real requests. Each agent answers on port 80, and on port 9100 of its node; on tour-4 there is a sink, which remembers what it gets.',
      steps: [
        {
          title: 'Push',
          before:
            'The agent knows where its data belongs, and sends it by itself: here to the sink. Nobody needs to find the agents; for what is collected in one place, such as logs and figures.',
          after:
            'The push came from the agent’s own address, and the sink has it: see its answer. The agents have no clients at all in this way.',
        },
        {
          title: 'The node’s address and a known port',
          before:
            'hostPort 9100 is the same on every node, so who knows a node can reach its agent. For scrapers, and programs that ask the agent of one certain node.',
          after:
            'The agent of tour-2 answered, as it must: the port of a node leads to the pod there, and to no other. Two such pods have no room on one node.',
        },
        {
          title: 'DNS',
          before:
            'The Service agents is headless (clusterIP: None): its name stands for the addresses of all agents that are ready. For who wants to find every one of them. The agent on tour-1 asks twelve times.',
          after:
            'The short name was found by the search path of the pod’s namespace, and led to four addresses, of which another one comes first each time.',
        },
        {
          title: 'Service',
          before:
            'The Service agent has one address, and hands each connection on to an agent drawn at random. For when it does not matter which one answers. Forty requests:',
          after:
            'Everyone had a share, by chance and not by turns. You cannot say which one you get, and so this is rarely what one wants of daemons.',
        },
        {
          title: 'Service, but on this node',
          before:
            'internalTrafficPolicy: Local makes it hand on to the agent of the node that the request comes from. Daemons are made for that: whoever asks has one nearby. The agent on tour-3 asks.',
          after: 'Only the agent on tour-3 answered. On a node without a ready one the request would be refused.',
        },
      ],
      end: 'Push where the data has one place to go; the node’s port for one certain node; DNS for all of them; a Service for any, or with Local for the nearest. That was the tour: now try it on your own cluster.',
    },
  ],
};
