import type { WebSocket } from 'ws';
import { messageOf, type Status, StatusError } from '../../registry/status.js';
import type { ContainerRuntime, ProcessStreams } from '../../resources/container-runtime.js';
import type { Pod } from '../../resources/types.js';
import { bool } from '../parameters.js';
import { Channels } from './channels.js';

const V5 = 'v5.channel.k8s.io';

/** What exec and attach speak: with `v5` the end of the input can be told, with `v4` the outcome is told as a Status. */
export const PROCESS_PROTOCOLS = [
  V5,
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'base64.v4.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  '',
];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const OUTCOME = 3;
const RESIZE = 4;

/** Which streams of the process the client wants to have. */
export interface WantedStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/**
 * Reads the parameters that `PodExecOptions` and `PodAttachOptions` have in common.
 * @throws StatusError 400 if no stream is wanted at all
 */
export function wantedStreams(query: URLSearchParams): WantedStreams {
  const tty = bool(query, 'tty') ?? false;
  const wanted = {
    stdin: bool(query, 'stdin') ?? false,
    stdout: bool(query, 'stdout') ?? false,
    stderr: (bool(query, 'stderr') ?? false) && !tty,
    tty,
  };
  if (wanted.stdin || wanted.stdout || wanted.stderr) return wanted;
  throw StatusError.badRequest('you must specify at least 1 of stdin, stdout, stderr');
}

/** A process of a container, and how it is joined. */
export interface Joined {
  readonly runtime: ContainerRuntime;
  readonly pod: Pod;
  readonly container: string;
  readonly wanted: WantedStreams;
  /** Undefined: the process that the container runs. */
  readonly command: readonly string[] | undefined;
}

/** Connects the client with the process, and tells it at the end how that came out. */
export async function joinProcess(ws: WebSocket, protocol: string, joined: Joined): Promise<void> {
  const { runtime, pod, container, wanted, command } = joined;
  const channels = new Channels(ws, protocol.includes('base64'));
  const gone = new AbortController();
  ws.once('close', () => gone.abort());
  const streams: ProcessStreams = {
    ...(wanted.stdin ? { stdin: channels.reader(STDIN) } : {}),
    ...(wanted.stdout ? { stdout: channels.writer(STDOUT) } : {}),
    ...(wanted.stderr ? { stderr: channels.writer(STDERR) } : {}),
    tty: wanted.tty,
    signal: gone.signal,
  };
  channels.reader(RESIZE).resume(); // nothing that a container shows depends on the size of the terminal
  channels.send(wanted.stdout ? STDOUT : wanted.stderr ? STDERR : OUTCOME, Buffer.alloc(0));
  let outcome: Status | Omit<Status, 'code'>;
  try {
    runtime.check(pod, container);
    if (!command) await runtime.attach(pod, container, streams);
    const code = command ? await runtime.exec(pod, container, command, streams) : 0;
    outcome = code === 0 ? SUCCESS : nonZero(code);
  } catch (error) {
    // With `v5` it is the API server that tells of it, and it wraps what the kubelet said.
    const isKubelets = error instanceof StatusError && protocol !== V5;
    outcome = (isKubelets ? error : StatusError.internal(messageOf(error))).status;
  }
  if (gone.signal.aborted) return;
  const text = /v[45]/.test(protocol) ? JSON.stringify(outcome) : outcome.status === 'Success' ? '' : outcome.message!;
  channels.send(OUTCOME, Buffer.from(text));
  channels.close();
}

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } as const;

function nonZero(code: number): Omit<Status, 'code'> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
