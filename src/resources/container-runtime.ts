import type { Duplex, Readable, Writable } from 'node:stream';
import type { Pod } from './types.js';

/** What of a container's log is wanted: `PodLogOptions`, read and found valid. */
export interface LogOptions {
  readonly follow: boolean;
  /** The log of the container's former run. */
  readonly previous: boolean;
  /** Lines from this time on, ms since the epoch. */
  readonly since?: number;
  /** At most so many lines from the end. */
  readonly tailLines?: number;
  /** At most so many bytes, time stamps included. */
  readonly limitBytes?: number;
  /** Each line begins with its time. */
  readonly timestamps: boolean;
  readonly stream: 'All' | 'Stdout' | 'Stderr';
}

/** The client's end of a process. What a client did not ask for is absent: its output is dropped. */
export interface ProcessStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** Absent with a terminal, which has one output for both. */
  readonly stderr?: Writable;
  readonly tty: boolean;
  /** The client has gone. */
  readonly signal: AbortSignal;
}

/**
 * What can be done with a pod's containers besides reading and writing the object. The API asks it of whoever runs the pods: the
 * simulated kubelets, which the cluster hands to it.
 */
export interface ContainerRuntime {
  /**
   * The text of a container's log, in pieces of whole lines.
   * @throws StatusError 400 in the kubelet's words if there is no such log; 500 if the node cannot be reached
   */
  log(pod: Pod, container: string, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
  /**
   * Checks that something can be done with the pod (and its container, where one is named).
   * @throws Error in the kubelet's words if it does not run, or if its node cannot be reached
   */
  check(pod: Pod, container?: string): void;
  /**
   * Runs a command in a container. Resolves with its exit code.
   * @throws StatusError 500 in the runtime's words if the command cannot be started
   */
  exec(pod: Pod, container: string, command: readonly string[], streams: ProcessStreams): Promise<number>;
  /** Joins the process that a container runs. Resolves once it ends, however that was, or the client has gone. */
  attach(pod: Pod, container: string, streams: ProcessStreams): Promise<void>;
  /** A connection to a port of the pod. */
  connect(pod: Pod, port: number): Duplex;
  /**
   * Tries whether a connection to a port of the pod comes about.
   * @returns what went wrong, in a dialer's words: `connect: connection refused`
   */
  dial(pod: Pod, port: number, signal: AbortSignal): Promise<string | undefined>;
  /** In what manner the ports of the pod answer now. */
  manner(pod: Pod): Manner;
  /** Plays the pod on a connection that somebody has made to one of its ports. */
  accept(pod: Pod, port: number, socket: Duplex, connection?: Connection): void;
  /** Answers a datagram that came to one of the pod's ports from an address; `answer` hears of the reply, if there is one. */
  datagram(pod: Pod, port: number, message: Buffer, answer: (reply: Buffer) => void, from: string): void;
  /** Ends the connections to a pod's ports, those on which something is being answered after the answer. */
  hangUp(uid: string): void;
  /** A pod is gone: its connections are ended, and what it has answered is forgotten. */
  forget(uid: string): void;
  /** Ends all of them. */
  close(): void;
  readonly isClosed: boolean;
}

/** How the ports of a pod answer. */
export interface Manner {
  /** The same for as long as the same questions get the same answers; undefined if nobody can tell beforehand. */
  readonly key: string | undefined;
  /** A program outside the cluster plays the pod. */
  readonly isForeign: boolean;
}

/** What goes for a connection to a pod's port. */
export interface Connection {
  /** Whether the way that it came is still open: a request that comes when it is not is not answered. Open if absent. */
  readonly isOpen?: () => boolean;
  /** The address that it came from. */
  readonly from?: string | undefined;
}
