#!/usr/bin/env node
import { Command, Option } from 'commander';
import { kubetteVersion } from '../cluster/version.js';
import { messageOf } from '../registry/status.js';
import type { ServeOptions } from './config.js';
import { addServeOptions, DEFAULT_PORT, duration, port, several, whole } from './serve-options.js';

const program = addServeOptions(new Command('kubette'), { port: DEFAULT_PORT, data: 'kubette.db' })
  .description(
    'A scale model of a Kubernetes cluster in one process: REST for kubectl and friends, GraphQL for the question which pod is where, and why. Without a command it serves a cluster until interrupted.',
  )
  .version(kubetteVersion())
  .showHelpAfterError('(see kubette --help)')
  .enablePositionalOptions()
  .option('--ready-file <file>', 'written once it answers: its address and kubeconfig, as JSON; taken away at the end')
  .option('--die-with-parent', 'end when the process that started it does, or closes the pipe on its standard input')
  .usage('[options] [command]')
  .argument('[nothing]')
  .action(async (word: string | undefined, options: ServeOptions) => {
    if (word !== undefined) program.error(`error: there is no command "${word}"`);
    const { serve } = await import('./serve.js');
    await serve(options, isGiven(program));
  });

/** Whether the command line sets an option. */
const isGiven = (command: Command) => (name: string) =>
  !['default', undefined].includes(command.getOptionValueSource(name));

const portOption = () => new Option('--port <port>', 'port of the server').argParser(port).default(DEFAULT_PORT);
const serverOption = () =>
  new Option('--server <url>', 'address of the server, if it is not on this machine').env('KUBETTE_SERVER');
const tokenOption = () => new Option('--token <token>', 'bearer token of the server').env('KUBETTE_TOKEN');

addServeOptions(program.command('exec'), { port: 0 })
  .description(
    'run a command with a cluster of its own, and end with what it ends with: kubette exec --nodes 3 -- pytest. The command finds it by $KUBECONFIG and $KUBETTE_SERVER',
  )
  .argument('<command>', 'what to run')
  .argument('[args...]', 'what it is given')
  .passThroughOptions()
  .action(async (command: string, args: string[], options: ServeOptions, self: Command) => {
    const { exec } = await import('./exec.js');
    process.exitCode = await exec([command, ...args], options, isGiven(self));
  });

program
  .command('kubeconfig')
  .description('print the path of a kubeconfig for a running server: export KUBECONFIG=$(kubette kubeconfig)')
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .option('--client-certificate', 'one with a client certificate in place of the token; of a server with TLS')
  .option('--print', 'print the kubeconfig itself')
  .action(async options => {
    const { kubeconfig } = await import('./kubeconfig.js');
    kubeconfig(options);
  });

const explainCommand = program
  .command('explain')
  .enablePositionalOptions()
  .description(
    'why a DaemonSet has a pod on a node, or has not: kubette explain ds/fluentd-elasticsearch --node control-plane',
  )
  .argument('<ds/name>', 'the DaemonSet')
  .option('-n, --namespace <namespace>', 'its namespace; found by name if there is only one of that name')
  .option('--node <name>', 'the node; all nodes if absent')
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .action(async (target: string, options) => {
    const { explain } = await import('./explain.js');
    await explain(target, options);
  });

exitsWith2(explainCommand.command('traffic'))
  .description(
    'whether somebody can talk to a pod or a Service, and which network policy lets them or keeps them; exits with 1 if they cannot, with 2 for mistakes: kubette explain traffic --from pod/web --to svc/db:80',
  )
  .requiredOption('--from <end>', 'who: pod/NAME, NAMESPACE/pod/NAME, node/NAME or an address')
  .requiredOption('--to <end>', 'to whom: svc/NAME:PORT, pod/NAME:PORT, with NAMESPACE/ before it or not')
  .addOption(new Option('-n, --namespace <namespace>', 'of those that name none').default('default'))
  .option('--udp', 'by UDP, not TCP')
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .action(async options => {
    const { explainTraffic } = await import('./explain-traffic.js');
    try {
      process.exitCode = await explainTraffic(options);
    } catch (error) {
      fail(error, 2);
    }
  });

exitsWith2(program.command('whatif'))
  .description(
    'what would come of changes, found out in a fork by the real controllers: kubette whatif --taint worker-1=gpu=yes:NoExecute',
  )
  .addOption(
    several('-f, --filename <file>', 'manifests to apply, and changes as GraphQL takes them; - for standard input'),
  )
  .addOption(several('--label <node=key=value>', 'label a node; NODE=key- takes a label off'))
  .addOption(several('--taint <node=key=value:effect>', 'taint a node; a - at the end takes the taint off'))
  .addOption(several('--cordon <node>', 'keep new pods off a node'))
  .addOption(several('--drain <node>', 'cordon a node and evict its pods, whoever made them'))
  .addOption(several('--remove-node <node>', 'remove a node'))
  .addOption(new Option('--limit <duration>', 'how far the clock of the fork may go').argParser(duration).default('1h'))
  .option('--at <moment>', 'the revision or the time to begin at, instead of now')
  .addOption(new Option('-o, --output <format>', 'how it is told').choices(['table', 'json', 'yaml']).default('table'))
  .option('--exit-code', 'exit with 1 if something would be different')
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .addOption(
    new Option('--data <file>', 'ask of this file, which no server has open, and leave it as it is').conflicts(
      'server',
    ),
  )
  .addHelpText(
    'after',
    `
A file holds manifests, as for kubectl apply -f, or changes, or both:

  - taint: {node: worker-1, taints: ["gpu=yes:NoExecute"]}
  - label: {kind: Node, name: worker-2, labels: {disk: ssd}}
  - addNodes: {like: worker-1, count: 3}
  - setImage: {kind: DaemonSet, name: agent, image: "agent:2"}

All changes: apply, patch, delete, label, annotate, taint, untaint, cordon, uncordon, drain, restartRollout, undoRollout, scale,
scaleNodes, addNodes, removeNodes, setImage (input ChangeInput of the GraphQL schema).

Exit codes: 0, or with --exit-code 1 where something would be different; 2 for errors.`,
  )
  .action(async options => {
    const { printWhatIf } = await import('./what-if.js');
    try {
      process.exitCode = await printWhatIf(options);
    } catch (error) {
      fail(error, 2);
    }
  });

program
  .command('import')
  .description(
    "bring a real cluster's objects into a data file, or into a server that runs: kubette import --context prod --data copy.db, or kubectl get nodes,ds,pods,controllerrevisions -A -o yaml | kubette import - --data copy.db",
  )
  .argument('[path...]', 'files of YAML or JSON, folders of them, or - for standard input')
  .option('--context <name>', 'read the cluster of this context of a kubeconfig, as its user')
  .option('--kubeconfig <file>', 'the kubeconfig, if not that of $KUBECONFIG or ~/.kube/config')
  .addOption(new Option('--data <file>', 'the file, new or there already').default('kubette.db'))
  .option('--server <url>', 'a running Kubette that they go to, in place of a file')
  .addOption(tokenOption())
  .addHelpText(
    'after',
    `
Nodes, pods and all else keep their uids, owners, times and status; nothing is made anew or rolled out by the import. Secrets,
ConfigMaps, Events and what each cluster makes for itself are left out, and not even read where a cluster is asked, to which nothing is
written. Then: kubette --data copy.db`,
  )
  .action(async (paths: string[], options) => {
    const { importObjects } = await import('./import.js');
    await importObjects(paths, options);
  });

program
  .command('export')
  .description(
    'print all that is in a cluster as YAML, for another one to begin with: kubette export > copy.yaml; kubette --import copy.yaml',
  )
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .addOption(new Option('--data <file>', 'what is in this file, which no server has open').conflicts('server'))
  .action(async options => {
    const { exportObjects } = await import('./export.js');
    await exportObjects(options);
  });

program
  .command('addresses')
  .description('where the nodes, pods and Services of a cluster with --network loopback or ports are to be reached')
  .addOption(portOption())
  .addOption(serverOption())
  .addOption(tokenOption())
  .addOption(new Option('-o, --output <format>', 'how it is told').choices(['table', 'json']).default('table'))
  .action(async options => {
    const { printAddresses } = await import('./addresses.js');
    await printAddresses(options);
  });

exitsWith2(program.command('replay'))
  .description(
    'run a recorded session again, in memory, and say where it goes another way: kubette --record session.ndjson; kubette replay session.ndjson',
  )
  .argument('<file>', 'the recording')
  .addOption(new Option('--era <era>', 'in another age of DaemonSets').choices(['current', '1.11']))
  .addOption(new Option('--nodes <count>', 'with so many plain workers').argParser(whole(0, 100_000)))
  .option('--seed <seed>', 'with other dice')
  .option('--controllers <list>', 'with other controllers')
  .option('--json', 'tell it as JSON')
  .addHelpText(
    'after',
    `
Where nothing else is said, and the clock stood still, whole logs are compared: names, uids, times, every byte. Of a session that is run
another way, or whose clock went on by itself, the answers are compared, and, where the clock stood still, how much was written of what
after each request.

Exit codes: 0 the same, 1 something is different, 2 errors.`,
  )
  .action(async (file: string, options) => {
    const { printReplay } = await import('./replay.js');
    try {
      process.exitCode = await printReplay(file, options);
    } catch (error) {
      fail(error, 2);
    }
  });

/** Mistakes on the command line end it with 2, where 1 is an answer. */
function exitsWith2(command: Command): Command {
  return command.exitOverride(({ exitCode }) => process.exit(exitCode && 2));
}

function fail(error: unknown, code: number): never {
  process.stderr.write(`kubette: ${messageOf(error)}\n`);
  process.exit(code);
}

program.parseAsync().catch((error: unknown) => fail(error, 1));
