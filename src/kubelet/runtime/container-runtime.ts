import { createHash } from 'node:crypto';
import { type Duplex, duplexPair, type Writable } from 'node:stream';
import { formatTime } from '../../clock/clock.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import type {
  Connection,
  ContainerRuntime,
  LogOptions,
  Manner,
  ProcessStreams,
} from '../../resources/container-runtime.js';
import { nodes, pods } from '../../resources/index.js';
import { hasEnded, internalIP, isReady } from '../../resources/state.js';
import type { Container, ContainerStatus, Node, Pod } from '../../resources/types.js';
import { terminated } from '../containers.js';
import type { Instructions } from '../instructions.js';
import { withStatus } from '../pod-status.js';
import { PortServer } from '../ports/port-server.js';
import { type Box, boxOf, commandOf } from '../shell/box.js';
import type { NameService } from '../shell/names.js';
import { findProgram } from '../shell/programs.js';
import { runProcess } from '../shell/run-process.js';
import { outputTo } from '../shell/shell.js';
import { isTask, rehearsalOf } from '../tasks.js';
import { followLog, type GrowingLog } from './log-follower.js';
import { LogLines, type Run } from './log-lines.js';
import { LogReader } from './log-reader.js';
import { PodChanges } from './pod-changes.js';
import { containerOf, runAsOf, runToShow, statusOf } from './runs.js';
import { ScriptedLines } from './scripted-lines.js';

const KUBELET_PORT = 10250;

/** What somebody who attaches gets to see: all that is said from then on. */
const FROM_NOW_ON = { follow: true, previous: false, timestamps: false } as const;

/** What a page of its own shows of a log. */
const ALL_SO_FAR: LogOptions = { follow: false, previous: false, timestamps: false, stream: 'All', tailLines: 1000 };
const NEVER = new AbortController().signal;

interface RuntimeParts {
  readonly isOff: boolean;
  readonly writer: Registry;
  readonly mayReach: (host: string, port: number) => boolean;
  readonly namesFor: ((pod: Pod) => Promise<NameService>) | undefined;
}

/** The containers of simulated kubelets: what they log, what they do when told to, what their ports answer. */
export class SimulatedRuntime implements ContainerRuntime {
  readonly #registry: Registry;
  readonly #instructions: Instructions;
  readonly #isOff: boolean;
  readonly #changes: PodChanges;
  readonly #writer: Registry;
  readonly #namesFor: RuntimeParts['namesFor'];
  readonly #ports: PortServer;

  /**
   * @param instructions what pods are told to do
   * @param isOff no kubelet runs: nothing can be reached
   * @param writer what those write through who end what runs in a container
   * @param mayReach whether a pod may hand connections on to a host
   * @param namesFor whom its containers ask for names
   */
  constructor(registry: Registry, instructions: Instructions, { isOff, writer, mayReach, namesFor }: RuntimeParts) {
    this.#registry = registry;
    this.#instructions = instructions;
    this.#isOff = isOff;
    this.#writer = writer;
    this.#namesFor = namesFor;
    this.#changes = new PodChanges(registry);
    const logOf = (pod: Pod) => this.log(pod, pod.spec.containers[0]!.name, ALL_SO_FAR, NEVER);
    this.#ports = new PortServer(registry, instructions, logOf, mayReach);
  }

  log(pod: Pod, name: string, options: LogOptions, signal: AbortSignal): AsyncIterable<string> {
    const refused = this.#refusal(pod);
    if (refused) {
      const { host, problem } = refused;
      const path = `containerLogs/${pod.metadata.namespace}/${pod.metadata.name}/${name}`;
      throw new StatusError(500, '', `Get "https://${host}/${path}": ${problem}`);
    }
    const first = runToShow(pod, name, options.previous);
    const container = containerOf(pod, name)!;
    const settings = this.#instructions.of(pod);
    const { clock } = this.#registry;
    const reader = new LogReader(options);
    const isScripted = settings.log === undefined && isTask(pod) && !container.stdin;
    const script = async () => (isScripted ? rehearsalOf(this.#registry, pod, container, first.startedAt) : undefined);
    const listen = (changed: () => void) => this.#changes.listen(pod.metadata.uid, changed);
    const runNow = () =>
      first.finishedAt === undefined ? runAsOf(this.#current(pod), name, first, clock.now()) : first;
    async function* read(): AsyncGenerator<string> {
      const rehearsal = await script();
      const linesOf = (run: Run) =>
        rehearsal ? new ScriptedLines(rehearsal, run) : new LogLines(pod, container, run, settings);
      const look = (): GrowingLog => {
        const run = runNow();
        return { lines: linesOf(run), isOver: run.finishedAt !== undefined };
      };
      if (options.follow) yield* followLog(reader, clock, look, listen, signal);
      else yield* reader.read(linesOf(first), clock.now());
    }
    return read();
  }

  check(pod: Pod, name?: string): void {
    const refused = this.#refusal(pod);
    if (refused) throw new Error(`error dialing backend: ${refused.problem}`);
    const isThere = name === undefined ? isUp(pod) : statusOf(pod, name)?.state?.running !== undefined;
    if (isThere) return;
    const what = name === undefined ? `pod not found ("${fullName(pod)}")` : `container not found ("${name}")`;
    throw new Error(`unable to upgrade connection: ${what}`);
  }

  async exec(pod: Pod, name: string, command: readonly string[], streams: ProcessStreams): Promise<number> {
    const [file = '', ...args] = command;
    const program = findProgram(file);
    if (!program) throw StatusError.internal(`error executing command in container: ${this.#notStarted(pod, file)}`);
    const box = this.#box(pod, containerOf(pod, name)!, streams.tty);
    return runProcess(program, args, box, this.#registry.clock, streams);
  }

  /**
   * A container made for somebody to sit in front of (`stdin: true`) runs its command, or else a shell, with whoever attaches, and
   * ends with it. Others are only watched.
   */
  async attach(pod: Pod, name: string, streams: ProcessStreams): Promise<void> {
    const container = containerOf(pod, name)!;
    if (!container.stdin) {
      await this.#watch(pod, name, streams);
      return;
    }
    const tty = container.tty === true;
    const box = this.#box(pod, container, tty);
    const [file = 'sh', ...args] = commandOf(box);
    const program = findProgram(file);
    const code = program ? await runProcess(program, args, box, this.#registry.clock, { ...streams, tty }) : 127;
    // Who only turned away leaves it running.
    if (!streams.signal.aborted || container.stdinOnce) await this.#end(pod, container, code);
  }

  #box(pod: Pod, container: Container, tty: boolean): Box {
    const namesFor = this.#namesFor;
    return { ...boxOf(this.#registry, pod, container, tty), names: namesFor && (() => namesFor(pod)) };
  }

  connect(pod: Pod, port: number): Duplex {
    const [ours, theirs] = duplexPair();
    // One end does not hear by itself that the other was broken off.
    theirs.once('close', () => {
      if (!theirs.writableFinished) ours.destroy(brokenOff());
    });
    this.accept(pod, port, theirs);
    return ours;
  }

  accept(pod: Pod, port: number, socket: Duplex, connection?: Connection): void {
    this.#ports.accept(pod, port, socket, connection);
  }

  datagram(pod: Pod, port: number, message: Buffer, answer: (reply: Buffer) => void, from: string): void {
    this.#ports.datagram(pod, port, message, answer, from);
  }

  dial(pod: Pod, _port: number, signal: AbortSignal): Promise<string | undefined> {
    return this.#ports.dial(pod, signal);
  }

  manner(pod: Pod): Manner {
    return this.#ports.manner(pod);
  }

  forget(uid: string): void {
    this.#ports.forget(uid);
  }

  hangUp(uid: string): void {
    this.#ports.hangUp(uid);
  }

  close(): void {
    this.#ports.close();
  }

  get isClosed(): boolean {
    return this.#ports.isClosed;
  }

  async #watch(pod: Pod, name: string, { stdin, stdout, stderr, signal }: ProcessStreams): Promise<void> {
    stdin?.resume();
    const since = this.#registry.clock.now() + 1;
    const show = async (stream: LogOptions['stream'], target: Writable | undefined) => {
      if (!target) return;
      const write = outputTo(target);
      for await (const text of this.log(pod, name, { ...FROM_NOW_ON, stream, since }, signal)) await write(text);
    };
    await Promise.all([show('Stdout', stdout), show('Stderr', stderr)]);
  }

  /** Writes into the pod's status that the container's process has ended; what comes of it is the pod worker's to decide. */
  async #end(pod: Pod, { name }: Container, code: number): Promise<void> {
    const current = this.#current(pod);
    if (!current || !statusOf(current, name)?.state?.running) return;
    const now = this.#registry.clock.now();
    const ended = (list: ContainerStatus[] | undefined) =>
      list?.map(status => (status.name === name ? terminated(status, code, formatTime(now)) : status));
    const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses } = current.status;
    const change = {
      ...(containerStatuses ? { containerStatuses: ended(containerStatuses)! } : {}),
      ...(initContainerStatuses ? { initContainerStatuses: ended(initContainerStatuses)! } : {}),
      ...(ephemeralContainerStatuses ? { ephemeralContainerStatuses: ended(ephemeralContainerStatuses)! } : {}),
    };
    const node = this.#node(pod);
    const next = withStatus(current, change, { now, nodeReady: node !== undefined && isReady(node) });
    await this.#writer.update(pods, next, { subresource: 'status', component: 'kubelet' });
  }

  #node(pod: Pod): Node | undefined {
    return this.#registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
  }

  /** The pod as it is now; undefined if it is gone, or another of its name is there. */
  #current(pod: Pod): Pod | undefined {
    const { namespace, name, uid } = pod.metadata;
    const current = this.#registry.get(pods, namespace!, name)?.object;
    return current?.metadata.uid === uid ? current : undefined;
  }

  /** Why the node's kubelet cannot be talked to. */
  #refusal(pod: Pod): { host: string; problem: string } | undefined {
    const node = this.#node(pod);
    if (node && !this.#isOff && !this.#instructions.isDown(node)) return undefined;
    const address = (node && internalIP(node)) ?? pod.spec.nodeName!;
    const host = `${address}:${KUBELET_PORT}`;
    const problem = node
      ? `dial tcp ${host}: connect: connection refused`
      : `dial tcp: lookup ${address}: no such host`;
    return { host, problem };
  }

  #notStarted(pod: Pod, file: string): string {
    const now = String(this.#registry.clock.now());
    const id = createHash('sha256').update(pod.metadata.uid).update(file).update(now).digest('hex');
    const why = file.includes('/') ? `stat ${file}: no such file or directory` : 'executable file not found in $PATH';
    const start = `unable to start container process: exec: ${JSON.stringify(file)}: ${why}: unknown`;
    return `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: ${start}`;
  }
}

/** As a socket that is reset. */
const brokenOff = () => Object.assign(new Error('read: connection reset by peer'), { code: 'ECONNRESET' });

const isUp = (pod: Pod) => pod.status.podIP !== undefined && !hasEnded(pod);

const fullName = ({ metadata }: Pod) => `${metadata.name}_${metadata.namespace}`;
