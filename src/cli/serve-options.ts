import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../clock/duration.js';
import { MAX_RATE } from '../clock/world-clock.js';

/** Where a server listens unless told otherwise. */
export const DEFAULT_PORT = 8001;

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  return value;
};

/** Where something listens. */
export const port = whole(0, 65_535);

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
export const duration = (text: string) => {
  if (!parseDuration(text)) throw new InvalidArgumentError('It must be a duration, such as 90s, 5m or 1h30m.');
  return text;
};

/** An option that may be given several times. */
export const several = (flags: string, description: string) =>
  new Option(flags, description).argParser((word: string, others: string[] = []) => [...others, word]);

/** What a cluster is like that is served, and where. @param usual where it differs by the command */
export function addServeOptions(command: Command, usual: { readonly port: number; readonly data?: string }): Command {
  return command
    .addOption(new Option('--port <port>', 'where to listen; 0 takes a free port').argParser(port).default(usual.port))
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
    .addOption(
      usual.data === undefined
        ? new Option('--data <file>', 'file that keeps the cluster; in memory without one')
        : new Option('--data <file>', 'file that keeps the cluster').default(usual.data),
    )
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
      new Option(
        '--network <mode>',
        'loopback: every node, pod and Service has an address in 127.0.0.0/8 and answers there; ports: a free port of 127.0.0.1 answers in place of each address (docs/network.md)',
      )
        .choices(['off', 'loopback', 'ports'])
        .default('off'),
    )
    .option(
      '--network-allow <list>',
      'hosts outside the cluster, with a port or without, that pods may push to and hand connections on to; * for all. Loopback addresses may be handed on to in any case',
    )
    .addOption(
      new Option(
        '--dns <port>',
        'answer for the names of Services and pods (SERVICE.NAMESPACE.svc.cluster.local) on this port of 127.0.0.1, UDP and TCP; 0 takes a free port',
      ).argParser(port),
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
    .addOption(
      new Option('--disable-admission-plugins <list>', 'admission plugins to switch off: LimitRanger,Priority'),
    )
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
    .option(
      '--record <file>',
      'write down what is asked of a new cluster that may change something, and what comes of it, for kubette replay',
    )
    .option(
      '--faults <file>',
      'what goes wrong with requests from the beginning: a list of rules in YAML or JSON, as docs/faults.md tells',
    )
    .addOption(
      new Option(
        '--journal <count>',
        'how many of the last requests are kept for who asks what was asked (default: 1000)',
      ).argParser(whole(0, 1_000_000)),
    )
    .option('--config <file>', 'YAML file with any of these by their long names; the command line counts more');
}
