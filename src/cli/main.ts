#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../clock/duration.js';
import { MAX_RATE } from '../clock/world-clock.js';
import { kubetteVersion } from '../cluster/version.js';
import { messageOf } from '../registry/status.js';
import type { ServeOptions } from './config.js';

const DEFAULT_PORT = 8001;

/** A whole number from `least` to `most`. */
const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  return value;
};

const port = whole(0, 65_535);

/** How fast a clock goes. */
const rate = (text: string) => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= MAX_RATE)) throw new InvalidArgumentError(`It must be a number from 0 to ${MAX_RATE}.`);
  return value;
};

/** How many of all. */
const share = (text: string) => {
  if (!/^\d+(\.\d+)?%?$/.test(text)) throw new InvalidArgumentError('It must be a share such as 10%, or a number.');
  return text.endsWith('%') ? text : Number(text);
};

/** A duration, as Kubernetes writes it. */
const duration = (text: string) => {
  if (!parseDuration(text)) throw new InvalidArgumentError('It must be a duration, such as 90s, 5m or 1h30m.');
  return text;
};

/** An option that may be given several times. */
const several = (flags: string, description: string) =>
  new Option(flags, description).argParser((word: string, others: string[] = []) => [...others, word]);

const program = new Command('kubette')
  .description(
    'A scale model of a Kubernetes cluster in one process: REST for kubectl and friends, GraphQL for the question which pod is where, and why. Without a command it serves a cluster until interrupted.',
  )
  .version(kubetteVersion())
  .showHelpAfterError('(see kubette --help)')
  .enablePositionalOptions()
  .addOption(new Option('--port <port>', 'where to listen; 0 takes a free port').argParser(port).default(DEFAULT_PORT))
  .addOption(
    new Option('--host <address>', 'address to listen on; beyond loopback every request needs the token').default(
      '127.0.0.1',
    ),
  )
  .addOption(new Option('--token <token>', 'bearer token that every request must carry').env('KUBETTE_TOKEN'))
  .option(
    '--tls',
    'serve https with a certificate of its own, which the kubeconfig trusts; always so beyond loopback and with a token',
  )
  .addOption(new Option('--data <file>', 'file that keeps the cluster').default('kubette.db'))
  .option('--in-memory', 'keep nothing: the cluster ends with the process')
  .addOption(
    new Option('--sync <mode>', 'normal: acknowledged writes survive the death of the process; full: power cuts too')
      .choices(['normal', 'full'])
      .default('normal'),
  )
  .addOption(
    new Option(
      '--history <duration>',
      'how long overwritten versions are kept, for lists and watches that go on from one (default: a day)',
    ).argParser(duration),
  )
  .addOption(
    new Option(
      '--nodes <count>',
      'plain workers of a new cluster, in place of one control plane and three workers',
    ).argParser(whole(0, 100_000)),
  )
  .addOption(new Option('--zones <count>', 'in how many zones the workers of --nodes are').argParser(whole(1, 26)))
  .addOption(
    new Option('--gpu <share>', 'how many of the workers of --nodes have a GPU: 10%, or a number').argParser(share),
  )
  .addOption(
    several(
      '--apply <path>',
      'manifests that a new cluster begins with, as kubectl apply -f takes them: a file, a folder, or - for standard input (helm template … | kubette --apply -); may be given several times',
    ),
  )
  .addOption(
    new Option('--seed <seed>', 'the same seed and requests give the same names, uids and order of events').default(
      '1',
    ),
  )
  .addOption(
    new Option(
      '--era <era>',
      'age of DaemonSets: current, or 1.11, when the controller placed its pods itself and old versions of the API were served',
    ).choices(['current', '1.11']),
  )
  .addOption(
    new Option(
      '--clock <clock>',
      "real: the machine's time; virtual: begins in 2025, or where it was left, and stands still until it is moved",
    )
      .choices(['real', 'virtual'])
      .default('real'),
  )
  .addOption(
    new Option(
      '--rate <number>',
      "how many times as fast as the machine's time the clock goes; 0: it stands still",
    ).argParser(rate),
  )
  .addOption(
    new Option('--kubelet <mode>', 'simulated: nodes run their pods; off: clients report for them')
      .choices(['simulated', 'off'])
      .default('simulated'),
  )
  .addOption(
    new Option('--controllers <list>', 'which controllers run: * all, name one, -name not this one, -* none').default(
      '*',
    ),
  )
  .addOption(
    new Option(
      '--enable-admission-plugins <list>',
      "admission plugins to switch on besides those that are on, by kube-apiserver's names: ServiceAccount",
    ),
  )
  .addOption(new Option('--disable-admission-plugins <list>', 'admission plugins to switch off: LimitRanger,Priority'))
  .option('--webhook-hosts <list>', 'hosts that webhooks may be called at besides loopback addresses; * for all')
  .addOption(
    new Option('--authorization-mode <mode>', 'who may do what: AlwaysAllow, or RBAC by the roles in the cluster')
      .choices(['AlwaysAllow', 'RBAC'])
      .default('AlwaysAllow'),
  )
  .addOption(
    several(
      '--import <path>',
      'objects of another cluster that a new one begins with, as kubectl get -o yaml prints them: a file, a folder, or - for standard input; may be given several times',
    ),
  )
  .addOption(
    new Option('--max-forks <count>', 'how many forks may be served at once, under /forks/<id>/')
      .argParser(whole(0, 1000))
      .default(16),
  )
  .addOption(
    new Option('--fork-idle <duration>', 'after how long a fork is closed of which nobody has asked anything')
      .argParser(duration)
      .default('30m'),
  )
  .option('--config <file>', 'YAML file with any of these by their long names; the command line counts more')
  .usage('[options] [command]')
  .argument('[nothing]')
  .action(async (word: string | undefined, options: ServeOptions) => {
    if (word !== undefined) program.error(`error: there is no command "${word}"`);
    const { serve } = await import('./serve.js');
    await serve(options, name => !['default', undefined].includes(program.getOptionValueSource(name)));
  });

const portOption = () => new Option('--port <port>', 'port of the server').argParser(port).default(DEFAULT_PORT);
const serverOption = () =>
  new Option('--server <url>', 'address of the server, if it is not on this machine').env('KUBETTE_SERVER');
const tokenOption = () => new Option('--token <token>', 'bearer token of the server').env('KUBETTE_TOKEN');

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

program
  .command('explain')
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

program
  .command('whatif')
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

function fail(error: unknown, code: number): never {
  process.stderr.write(`kubette: ${messageOf(error)}\n`);
  process.exit(code);
}

program.parseAsync().catch((error: unknown) => fail(error, 1));
